// Takes pictures of what models write (test/fixtures/markdown) as both sides of the playground show it, for a review by eye.
//
//   node docs/corpus.ts FOLDER [NAME…]     (Node 24, after `npm ci`; with another Node: npx node docs/corpus.ts …)
//
// Each document goes through the real adapters to the twins. NAME is the beginning of a document's name; without one, all are shown.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MessageId, Place } from "../src/chat/place.ts";
import type { Platform } from "../src/chat/platform.ts";
import { systemClock } from "../src/clock.ts";
import { createDiscord } from "../src/discord/discord.ts";
import { encodePlace as discordPlace } from "../src/discord/place.ts";
import { createLog } from "../src/log.ts";
import { paginate } from "../src/reply/paginate.ts";
import { startDiscordTwin } from "../src/sandbox/discord/twin.ts";
import { createCast } from "../src/sandbox/playground/cast.ts";
import { createDiscordSide } from "../src/sandbox/playground/discord-side.ts";
import { startPlayground } from "../src/sandbox/playground/server.ts";
import { createSlackSide } from "../src/sandbox/playground/slack-side.ts";
import { startSlackTwin } from "../src/sandbox/slack/twin.ts";
import { createSlack } from "../src/slack/slack.ts";
import { encodePlace as slackPlace } from "../src/slack/place.ts";
import { openBrowser } from "../test/browser/browser.ts";
import { corpus, type Sample } from "../test/corpus.ts";
import { alwaysMine } from "../test/fakes/exclusive.ts";
import { listener } from "../test/fakes/listener.ts";

/** Of Markdown in one picture, in lines: more is too long to be looked at. */
const LINES_IN_PICTURE = 90;
const SIZE = { width: 1640, height: 900 };
const LOOK = { locale: "en-GB", colorScheme: "light", reducedMotion: "reduce" } as const;

const [folder, ...names] = process.argv.slice(2);
if (folder === undefined) throw new Error("Say which folder the pictures go to.");
mkdirSync(folder, { recursive: true });

const samples = corpus().filter(
  ({ name }) => names.length === 0 || names.some((one) => name.startsWith(one)),
);
const browser = await openBrowser();
for (const [index, batch] of batches(samples).entries())
  writeFileSync(join(folder, `${String(index + 1).padStart(2, "0")}.png`), await pictureOf(batch));
await browser.close();

function batches(all: readonly Sample[]): Sample[][] {
  const made: Sample[][] = [];
  let lines = LINES_IN_PICTURE;
  for (const sample of all) {
    lines += sample.text.split("\n").length + 3;
    if (lines > LINES_IN_PICTURE) {
      made.push([]);
      lines = sample.text.split("\n").length;
    }
    made.at(-1)?.push(sample);
  }
  return made;
}

async function pictureOf(batch: readonly Sample[]): Promise<Buffer> {
  const slack = await startSlackTwin({ bot: { name: "Patch" }, limits: "off" });
  const discord = await startDiscordTwin({ botName: "Patch", limits: "off" });
  const cast = createCast({ slack, discord });
  const people = cast.players.map(({ key, name, isYou }) => ({ key, name, isYou }));
  const rooms = {
    slack: slack.addChannel({ name: "corpus" }),
    discord: discord.addChannel({ name: "corpus" }),
  };
  const sides = { slack: createSlackSide(slack, cast), discord: createDiscordSide(discord, cast) };
  const playground = await startPlayground({ bot: "Patch", people, ...sides, behind: undefined }, 0);
  const deps = { clock: systemClock, log: createLog("warn", []) };
  const { botToken, appToken, apiUrl, team } = slack;
  const transport = { kind: "socket", appToken } as const;
  const onSlack = createSlack({ ...deps, config: { botToken, transport, apiUrl, dm: "threads" } });
  const onDiscord = createDiscord({
    ...deps,
    exclusive: alwaysMine,
    config: { token: discord.token, apiUrl: discord.apiUrl, reply: "channel", messageContent: "auto" },
  });
  const place = discordPlace({ kind: "channel", guild: discord.guild.id, channel: rooms.discord });
  await show(onSlack, slackPlace({ team: team.id, channel: rooms.slack }), batch, (name) =>
    slack.say({ channel: rooms.slack, user: cast.find("ada").slack, text: name }),
  );
  await show(onDiscord, place, batch, (content) =>
    discord.say({ channel: rooms.discord, user: cast.find("ada").discord, content }),
  );

  const picture = await photograph(playground.url);
  await Promise.all([onSlack.stop(), onDiscord.stop(), playground.close()]);
  await Promise.all([slack.close(), discord.close()]);
  return picture;
}

/** Posts all pages of the documents, each document under its name. */
async function show(
  platform: Platform,
  place: Place,
  batch: readonly Sample[],
  say: (name: string) => string,
): Promise<void> {
  await platform.start(listener(async () => {}));
  for (const [turn, { name, text }] of batch.entries()) {
    say(name);
    let after: MessageId | undefined;
    for (const [page, markdown] of paginate(text, platform.limits).entries()) {
      const key = { turn, page, text: `${turn}-${page}`, repeated: false, ...(after && { after }) };
      after = await platform.post(place, { text: markdown || "…", final: true }, key);
    }
  }
}

/** The whole of both rooms, however long. */
async function photograph(url: string): Promise<Buffer> {
  const page = await browser.newPage({ ...LOOK, viewport: SIZE });
  await page.goto(url);
  await page.locator("body.is-ready").waitFor();
  const scrollers = page.locator(".room .scroller");
  const heights = await scrollers.evaluateAll((all) => all.map(({ scrollHeight }) => scrollHeight));
  await page.setViewportSize({ ...SIZE, height: Math.max(...heights) + 260 });
  const picture = await page.screenshot();
  await page.close();
  return picture;
}
