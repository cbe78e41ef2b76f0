import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import { readHistory } from "../../src/slack/history.ts";
import { createDirectory } from "../../src/slack/names.ts";
import { encodePlace, messageId } from "../../src/slack/place.ts";
import { createWeb } from "../../src/slack/web.ts";
import { silent } from "./harness.ts";

let twin: SlackTwin;
let ada: string;
beforeEach(async () => {
  twin = await startSlackTwin({ limits: "off", delivery: { retryAfterMs: [] } });
  ada = twin.addUser({ name: "ada", displayName: "Ada" });
});
afterEach(() => twin.close());

function read(
  channel: string,
  threadTs: string | undefined,
  query: { before: string; after?: string; limit: number },
) {
  const web = createWeb({ botToken: twin.botToken, apiUrl: twin.apiUrl, log: silent });
  const self = {
    team: twin.team.id,
    botUserId: twin.bot.userId,
    botId: twin.bot.botId,
    botName: "patchcord",
  };
  const directory = createDirectory({ web, clock: systemClock, log: silent, self: () => undefined });
  const place = encodePlace({ team: twin.team.id, channel, ...(threadTs === undefined ? {} : { threadTs }) });
  const { after, before, limit } = query;
  const bounds = {
    before: messageId(before),
    limit,
    ...(after === undefined ? {} : { after: messageId(after) }),
  };
  return readHistory({ web, self, directory, log: silent }, place, bounds);
}
const counts = (method: string) => twin.calls.filter((call) => call.method === method).length;

test("a long thread is read to its end, and its newest messages are told", async () => {
  const channel = twin.addChannel({ name: "general", topic: "All" });
  const root = twin.say({ channel, user: ada, text: "root" });
  const said = Array.from({ length: 450 }, (_, index) =>
    twin.say({ channel, user: ada, text: `reply ${index}`, threadTs: root }),
  );
  const told = await read(channel, root, { before: said[449]!, limit: 50 });
  expect(told.map(({ id }) => id)).toEqual(said.slice(399, 449));
  expect(counts("conversations.replies")).toBe(3);
  expect(told[0]).toMatchObject({
    author: { name: "Ada" },
    where: { channelName: "general", channelTopic: "All", channelKind: "public", threadId: root },
    call: { inThread: true, startsPlace: false },
  });
  const news = await read(channel, root, { before: said[449]!, after: said[440]!, limit: 50 });
  expect(news.map(({ id }) => id)).toEqual(said.slice(441, 449));
  expect(counts("conversations.replies")).toBe(4);
});

test("the thread's first message is told where it is within the bounds", async () => {
  const channel = twin.addChannel({ name: "general" });
  const root = twin.say({ channel, user: ada, text: "root" });
  const reply = twin.say({ channel, user: ada, text: "reply", threadTs: root });
  expect((await read(channel, root, { before: reply, limit: 5 })).map(({ text }) => text)).toEqual(["root"]);
  expect(await read(channel, root, { before: root, limit: 5 })).toEqual([]);
  expect(await read(channel, root, { before: reply, after: root, limit: 5 })).toEqual([]);
});

test("a direct message that is one place leaves out what is said in its threads", async () => {
  const channel = twin.openDm(ada);
  const first = twin.say({ channel, user: ada, text: "first" });
  twin.say({ channel, user: ada, text: "in a thread", threadTs: first });
  twin.say({ channel, user: ada, text: "in a thread, and shown outside", threadTs: first, broadcast: true });
  const said = Array.from({ length: 260 }, (_, index) =>
    twin.say({ channel, user: ada, text: `message ${index}` }),
  );
  const told = await read(channel, undefined, { before: said[259]!, limit: 230 });
  expect(told.map(({ id }) => id)).toEqual(said.slice(29, 259));
  expect(counts("conversations.history")).toBe(2);
  const all = await read(channel, undefined, { before: said[2]!, limit: 50 });
  expect(all.map(({ text }) => text)).toEqual(["first", "message 0", "message 1"]);
  expect(all.every(({ place }) => place === `slack:${twin.team.id}:${channel}`)).toBe(true);
});

test("joins, edits and deleted messages are nobody's words", async () => {
  const channel = twin.addChannel({ name: "general" });
  const root = twin.say({ channel, user: ada, text: "root" });
  const wrong = twin.say({ channel, user: ada, text: "wrogn", threadTs: root });
  const gone = twin.say({ channel, user: ada, text: "gone", threadTs: root });
  const last = twin.say({ channel, user: ada, text: "last", threadTs: root });
  twin.edit(channel, wrong, "wrong");
  twin.delete(channel, gone);
  twin.delete(channel, root);
  expect((await read(channel, root, { before: last, limit: 9 })).map(({ text }) => text)).toEqual(["wrong"]);
});
