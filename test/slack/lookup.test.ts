import { afterEach, beforeEach, expect, test } from "vitest";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import type { Platform } from "../../src/chat/platform.ts";
import { slackOn } from "./harness.ts";

let twin: SlackTwin;
let ada: string;
let platform: Platform;
beforeEach(async () => {
  twin = await startSlackTwin({ limits: "off" });
  ada = twin.addUser({ name: "ada" });
  platform = slackOn(twin);
});
afterEach(async () => {
  await platform.stop();
  await twin.close();
});
const link = (channel: string, ts: string, threadTs?: string) =>
  `https://acme.slack.com/archives/${channel}/p${ts.replace(".", "")}${threadTs === undefined ? "" : `?thread_ts=${threadTs}&cid=${channel}`}`;
const missing = (words: string) => ({ missing: expect.stringContaining(words) as string });

test("a reply in a long thread is found in one call, and without opening a socket", async () => {
  const channel = twin.addChannel({ name: "general", topic: "All" });
  const root = twin.say({ channel, user: ada, text: "root" });
  const said = Array.from({ length: 300 }, (_, index) =>
    twin.say({ channel, user: ada, text: `reply ${index}`, threadTs: root }),
  );
  const wanted = said[250]!;
  const found = await platform.find!(link(channel, wanted, root));
  expect(found).toMatchObject({
    message: {
      id: wanted,
      text: "reply 250",
      place: `slack:${twin.team.id}:${channel}:${root}`,
      author: { name: "ada" },
      where: { channelName: "general", channelTopic: "All", channelKind: "public" },
    },
  });
  expect(twin.calls.filter(({ method }) => method === "conversations.replies")).toHaveLength(1);
  expect(twin.calls.some(({ method }) => method === "apps.connections.open")).toBe(false);
});

test("the bot's own pages are found, too, as its own", async () => {
  const channel = twin.addChannel({ name: "general" });
  await platform.start({
    receive: async () => {},
    press: async () => undefined,
    command: async () => "",
    changed: () => {},
  });
  const root = twin.say({ channel, user: ada, text: "root" });
  const place = `slack:${twin.team.id}:${channel}:${root}` as Parameters<Platform["post"]>[0];
  const id = await platform.post(
    place,
    { text: "an answer", final: true },
    { turn: 1, page: 0, text: "key", repeated: false },
  );
  const found = await platform.find!(link(channel, id, root));
  expect(found).toMatchObject({ message: { id, place, author: { kind: "self" }, text: "an answer" } });
});

test("why there is no message is told for each reason", async () => {
  const channel = twin.addChannel({ name: "general" });
  const [notice] = twin.messages(channel);
  const said = twin.say({ channel, user: ada, text: "hello" });
  twin.delete(channel, said);
  expect(await platform.find!(link(channel, said))).toEqual(missing("no such message"));
  expect(await platform.find!(link("C0NOWHERE1", said))).toEqual(missing("no such channel"));
  const elsewhere = twin.addChannel({ name: "elsewhere", members: [ada] });
  const there = twin.say({ channel: elsewhere, user: ada, text: "hello" });
  expect(await platform.find!(link(elsewhere, there))).toEqual(missing("not in the channel"));
  twin.rename(channel, "special");
  const renamed = twin.messages(channel).at(-1)!;
  expect(renamed.subtype).toBe("channel_name");
  expect(notice).toBeUndefined();
  expect(await platform.find!(link(channel, renamed.ts))).toEqual(missing("note of Slack's own"));
});
