import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import type { Platform } from "../../src/chat/platform.ts";
import type { SlackUtterance } from "../../src/sandbox/slack/types.ts";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import { until } from "../eventually.ts";
import { slackOn } from "./harness.ts";

let twin: SlackTwin;
let slack: Platform;
let people: readonly string[];
let bots: readonly string[];
let channels: readonly string[];
const heard = new Map<string, Message>();
beforeAll(async () => {
  twin = await startSlackTwin({ limits: "off", delivery: { retryAfterMs: [] } });
  people = ["ada", "bob"].map((name) => twin.addUser({ name, displayName: name.toUpperCase() }));
  bots = ["ci"].map((name) => twin.addBot(name).userId);
  channels = [
    twin.addChannel({ name: "general", topic: "All" }),
    twin.addChannel({ name: "secret", kind: "private" }),
    twin.openDm(people[0]!),
    twin.openDm(...people),
  ];
  for (const channel of channels.slice(0, 2)) for (const bot of bots) twin.addToChannel(channel, bot);
  slack = slackOn(twin);
  await slack.start({
    receive: async (message) => void heard.set(message.key, message),
    press: async () => undefined,
    command: async () => "",
    changed: () => {},
  });
});
afterAll(async () => {
  await slack.stop();
  await twin.close();
});

/** Somebody says something: where, who, what, and below which of the messages before, if any. */
const utterance = fc.record({
  channel: fc.nat({ max: 3 }),
  user: fc.nat({ max: 2 }),
  words: fc.array(
    fc.constantFrom(
      "hi",
      "@patchcord",
      "@ada",
      "@bob",
      "#general",
      "<!here>",
      "*bold*",
      "`a < b`",
      "&",
      "\n",
    ),
    { minLength: 1, maxLength: 5 },
  ),
  below: fc.option(fc.nat({ max: 5 }), { freq: 2 }),
  broadcast: fc.boolean(),
  style: fc.constantFrom("plain", "file", "me", "legacy", "literal"),
});
type Said = typeof utterance extends fc.Arbitrary<infer T> ? T : never;

/** Undefined for what Slack's own client would not let them say. */
function say(said: Said, roots: Map<string, string[]>): { channel: string; ts: string } | undefined {
  const channel = channels[said.channel]!;
  const isBot = said.user === 2 && said.channel < 2;
  const user = isBot ? bots[0]! : said.channel === 2 ? people[0]! : people[said.user % 2]!;
  const before = roots.get(channel) ?? [];
  const threadTs = said.below === null ? undefined : before[said.below % Math.max(1, before.length)];
  const { style } = said;
  const what: SlackUtterance = {
    channel,
    user,
    text: said.words.join(" "),
    ...(threadTs === undefined ? {} : { threadTs, broadcast: said.broadcast && style === "plain" }),
    ...(style === "file" ? { files: [{ name: "a.txt", mimetype: "text/plain", size: 3 }] } : {}),
    ...(style === "me" && !isBot ? { me: true } : {}),
    ...(style === "legacy" && isBot ? { botStyle: "legacy" } : {}),
    ...(style === "literal" ? { literal: true } : {}),
  };
  const ts = twin.say(what);
  if (threadTs === undefined) roots.set(channel, [...before, ts]);
  return { channel, ts };
}

const count = { mentions: 0, replies: 0, broadcasts: 0, bots: 0, files: 0, several: 0 };
function cover(messages: readonly Message[], script: readonly Said[]): void {
  if (messages.length > 3) count.several += 1;
  for (const { call, author, text } of messages) {
    if (call.mentionsBot) count.mentions += 1;
    if (call.inThread) count.replies += 1;
    if (author.kind === "bot") count.bots += 1;
    if (text.includes("[attached file")) count.files += 1;
  }
  count.broadcasts += script.filter((said) => said.broadcast && said.below !== null).length;
}

test("a message that is read later is the one that its event would have brought, to the last field", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(utterance, { minLength: 1, maxLength: 12 }), async (script) => {
      const since = Date.now() + 1;
      await until("the clock goes on", () => Date.now() > since);
      const roots = new Map<string, string[]>();
      const said = script.flatMap((one) => say(one, roots) ?? []);
      const keys = said.map(({ channel, ts }) => `slack:${twin.team.id}:${channel}:${ts}`);
      await until("all was heard", () => keys.every((key) => heard.has(key)));
      await until("all was settled", () => twin.deliveries.every(({ state }) => state !== "open"));
      const missed: Message[] = [];
      const query = { part: "", since, places: [], signal: new AbortController().signal };
      for await (const message of slack.missed!(query)) missed.push(message);
      cover(missed, script);
      expect(missed.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
      for (const message of missed) expect(message).toEqual(heard.get(message.key));
      const byPlace = Map.groupBy(missed, ({ place }) => place);
      for (const messages of byPlace.values())
        expect(messages.map(({ sentAt }) => sentAt)).toEqual(
          messages.map(({ sentAt }) => sentAt).toSorted((a, b) => a - b),
        );
    }),
    { numRuns: 60 },
  );
  for (const [what, times] of Object.entries(count)) expect([what, times > 20]).toEqual([what, true]);
});
