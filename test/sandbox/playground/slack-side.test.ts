import { afterEach, beforeEach, expect, test } from "vitest";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { type Cast, createCast } from "../../../src/sandbox/playground/cast.ts";
import { createSlackSide } from "../../../src/sandbox/playground/slack-side.ts";
import { NoSuchPlace, type Side, type Touch } from "../../../src/sandbox/playground/view.ts";
import type { SlackTwin } from "../../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../../src/sandbox/slack/twin.ts";

let slack: SlackTwin;
let discord: DiscordTwin;
let cast: Cast;
let side: Side;
let dm: string;
let root: string;
let touches: Touch["kind"][];

beforeEach(async () => {
  [slack, discord] = await Promise.all([startSlackTwin({ bot: { name: "Patch" } }), startDiscordTwin()]);
  cast = createCast({ slack, discord });
  side = createSlackSide(slack, cast);
  dm = slack.openDm(cast.find("robin").slack);
  root = slack.say({ channel: dm, user: cast.find("robin").slack, text: "a question" });
  touches = [];
  side.watch(({ kind }) => touches.push(kind));
});
afterEach(async () => {
  await Promise.all([slack.close(), discord.close()]);
});

/** What the bot does, as it does it. */
async function bot(method: string, args: object): Promise<{ readonly ts: string }> {
  const response = await fetch(slack.apiUrl + method, {
    method: "POST",
    headers: { authorization: `Bearer ${slack.botToken}`, "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(args),
  });
  const answer = (await response.json()) as { readonly ok: boolean; readonly ts: string };
  expect(answer).toMatchObject({ ok: true });
  return answer;
}
const inThread = () => ({ channel_id: dm, thread_ts: root });
const sign = () => side.signs().find((one) => one.room === dm && one.root === root);

test("a thread says what the bot does, and what stands there in turn, until it posts", async () => {
  const loading = ["Reading…", "Thinking…"];
  await bot("assistant.threads.setStatus", {
    ...inThread(),
    status: "is thinking…",
    loading_messages: loading,
  });
  expect(sign()).toMatchObject({ text: "Patch is thinking…", meanwhile: loading });
  expect(touches).toEqual(["signs"]);
  await bot("chat.postMessage", { channel: dm, thread_ts: root, text: "Here." });
  expect(sign()).toEqual({ room: dm, root, text: "" });
});

test("a thread has the title that the bot gave it, whatever else is told of it", async () => {
  await bot("assistant.threads.setTitle", { ...inThread(), title: "Deep water" });
  await bot("assistant.threads.setStatus", { ...inThread(), status: "is thinking…" });
  expect(sign()).toMatchObject({ text: "Patch is thinking…", title: "Deep water" });
  await bot("agents.sessions.setStatus", { ...inThread(), status: "processing" });
  expect(sign()).toMatchObject({ title: "Deep water", stop: "slack-stop" });
});

test("what is streamed can be stopped, by Slack's own button, until it has ended", async () => {
  const chunks = [{ type: "markdown_text", text: "One" }];
  const { ts } = await bot("chat.startStream", { channel: dm, thread_ts: root, chunks });
  const stop = sign()!.stop!;
  const press = { room: dm, id: root, button: stop, person: "robin" };
  await expect(side.press({ ...press, id: "1.2" })).rejects.toThrow(NoSuchPlace);
  expect(await side.press(press)).toBe(true);
  expect(slack.messages(dm, root)[1]).toMatchObject({ ts, isStreaming: false });
  await bot("agents.sessions.setStatus", { ...inThread(), status: "active" });
  expect(sign()!.stop).toBeUndefined();
  await expect(side.press(press)).rejects.toThrow("nothing goes on");
});

test("a message has the cards of the tools that were used for it", async () => {
  const task = (id: string, status: string) => ({ type: "task_update", id, title: `Using ${id}`, status });
  const chunks = [task("a", "in_progress"), task("b", "in_progress")];
  const { ts } = await bot("chat.startStream", { channel: dm, thread_ts: root, chunks });
  await bot("chat.appendStream", { channel: dm, ts, chunks: [task("a", "complete")] });
  expect(side.messages().find(({ id }) => id === ts)?.cards).toEqual([
    { title: "Using a", isDone: true },
    { title: "Using b", isDone: false },
  ]);
});

test("the bot is told who looks at their direct message, and what it suggests is shown there", async () => {
  side.open!({ room: dm, person: "robin" });
  expect(slack.deliveries.at(-1)?.payload).toMatchObject({
    event: { type: "app_home_opened", tab: "messages", channel: dm },
  });
  const prompts = [{ title: "Hello", message: "Say hello" }];
  await bot("assistant.threads.setSuggestedPrompts", { channel_id: dm, prompts });
  expect(side.rooms().find(({ id }) => id === dm)?.prompts).toEqual(prompts);
  expect(touches).toContain("rooms");
  expect(() => side.open!({ room: dm, person: "ada" })).toThrow(NoSuchPlace);
  expect(() => side.open!({ room: "C404", person: "robin" })).toThrow(NoSuchPlace);
});
