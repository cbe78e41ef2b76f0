import type { AddressInfo } from "node:net";
import { App, type BlockAction, HTTPReceiver, SocketModeReceiver } from "@slack/bolt";
import { describe, expect, it } from "vitest";
import type { SlackChange } from "../../../src/sandbox/slack/types.ts";
import { call, codeOf, openSocket, postAs, quiet, say, useScenes, type Scene } from "./helpers.ts";
import { until } from "../../eventually.ts";

const { scene, closing } = useScenes();

const markdown = { type: "markdown", text: "Still writing …" };
const button = (action_id: string, more: object = {}) => ({
  type: "button",
  action_id,
  text: { type: "plain_text", text: "Stop" },
  value: "turn 7",
  ...more,
});
const actions = (...elements: object[]) => ({ type: "actions", elements });

/** A message of the bot's with a button, in a thread of ann's. */
async function withButton(made: Scene): Promise<{ root: string; ts: string }> {
  const root = say(made, "@patchcord hello");
  const blocks = [markdown, actions(button("halt"))];
  const ts = await postAs(made.twin, { channel: made.harbour, thread_ts: root, text: "Still", blocks });
  return { root, ts };
}

async function boltBy(mode: "socket" | "http", { twin }: Scene): Promise<App> {
  const installerOptions = { clientOptions: { slackApiUrl: twin.apiUrl } };
  const receiver =
    mode === "socket"
      ? new SocketModeReceiver({ appToken: twin.appToken, logger: quiet, installerOptions })
      : new HTTPReceiver({ signingSecret: twin.signingSecret, logger: quiet });
  const clientOptions = { slackApiUrl: twin.apiUrl };
  const app = new App({ token: twin.botToken, receiver, logger: quiet, clientOptions });
  const server = await app.start({ port: 0, host: "127.0.0.1" });
  closing(() => app.stop());
  if (mode === "http")
    await twin.setRequestUrl(
      `http://127.0.0.1:${((server as { address(): unknown }).address() as AddressInfo).port}/slack/events`,
    );
  return app;
}

describe("a button", () => {
  it.each(["socket", "http"] as const)("that is pressed reaches Bolt by %s, once", async (mode) => {
    const made = await scene();
    const { twin, harbour, ann } = made;
    const app = await boltBy(mode, made);
    const pressed: BlockAction[] = [];
    app.action<BlockAction>("halt", async ({ ack, body, respond }) => {
      pressed.push(body);
      await ack();
      await respond({
        response_type: "ephemeral",
        replace_original: false,
        text: "There is nothing to stop.",
      });
    });
    const seen: SlackChange[] = [];
    twin.subscribe((change) => void seen.push(change));
    const { root, ts } = await withButton(made);
    expect(await twin.press({ channel: harbour, ts, user: ann, actionId: "halt" })).toBe(true);
    await until("the private answer", () => seen.some(({ kind }) => kind === "ephemeral"));
    expect(pressed).toMatchObject([
      {
        type: "block_actions",
        user: { id: ann, username: "ann", team_id: twin.team.id },
        container: {
          type: "message",
          message_ts: ts,
          channel_id: harbour,
          thread_ts: root,
          is_ephemeral: false,
        },
        channel: { id: harbour, name: "harbour" },
        message: { user: twin.bot.userId, ts, thread_ts: root },
        actions: [{ type: "button", action_id: "halt", value: "turn 7", text: { text: "Stop" } }],
      },
    ]);
    expect(pressed[0]?.actions[0]?.block_id).toBe(pressed[0]?.message?.["blocks"][1].block_id);
    expect(twin.deliveries.filter(({ type }) => type === "block_actions")).toMatchObject([
      { attempt: 0, via: mode, state: "acknowledged" },
    ]);
    expect(seen.at(-1)).toEqual({
      kind: "ephemeral",
      channel: harbour,
      user: ann,
      text: "There is nothing to stop.",
      shown: [{ format: "mrkdwn", text: "There is nothing to stop." }],
    });
  });

  it("whose press is not acknowledged in time has failed, and is not sent again", async () => {
    const made = await scene({ delivery: { ackTimeoutMs: 50, retryAfterMs: [1, 1, 1] } });
    const { twin, harbour, ann } = made;
    const { envelopes } = await openSocket(twin);
    const { ts } = await withButton(made);
    expect(await twin.press({ channel: harbour, ts, user: ann, actionId: "halt" })).toBe(false);
    const presses = envelopes().filter(({ type }) => type === "interactive");
    expect(presses).toHaveLength(1);
    expect(presses[0]).not.toHaveProperty("retry_attempt");
    expect(twin.deliveries.filter(({ type }) => type === "block_actions")).toMatchObject([
      { state: "failed" },
    ]);
  });

  it("is shown with its message, and goes with an update that does not have it", async () => {
    const made = await scene();
    const { twin, harbour, ann } = made;
    const { ts, root } = await withButton(made);
    const shown = () => twin.messages(harbour, root).at(-1);
    expect(shown()?.shown).toEqual([{ format: "markdown", text: "Still writing …" }]);
    expect(shown()?.buttons).toMatchObject([{ actionId: "halt", text: "Stop", value: "turn 7" }]);
    await call(twin, "chat.update", { channel: harbour, ts, text: "Done", blocks: [markdown] });
    expect(shown()?.buttons).toEqual([]);
    expect(() => twin.press({ channel: harbour, ts, user: ann, actionId: "halt" })).toThrow("no button halt");
  });

  it("is pressed by people who see it", async () => {
    const made = await scene();
    const { twin, ann, bob } = made;
    const channel = twin.addChannel({ name: "cabin", kind: "private", members: [twin.bot.userId, bob] });
    const ts = await postAs(twin, { channel, text: "x", blocks: [actions(button("halt"))] });
    expect(() => twin.press({ channel, ts, user: ann, actionId: "halt" })).toThrow("does not see");
    expect(() => twin.press({ channel, ts, user: bob, actionId: "go" })).toThrow("no button go");
  });
});

describe("a response_url", () => {
  it("is good for five answers in half an hour", async () => {
    const made = await scene({ delivery: { ackTimeoutMs: 20 } });
    const { twin, harbour, ann } = made;
    const { envelopes } = await openSocket(twin);
    const { ts } = await withButton(made);
    await twin.press({ channel: harbour, ts, user: ann, actionId: "halt" });
    const payload = envelopes().at(-1)?.["payload"] as { response_url: string };
    const body = JSON.stringify({ text: "hello", replace_original: false });
    const answer = async (url = payload.response_url) => (await fetch(url, { method: "POST", body })).status;
    for (let count = 0; count < 5; count += 1) expect(await answer()).toBe(200);
    expect(await answer()).toBe(404);
    expect(await answer(`${payload.response_url}0`)).toBe(404);
  });
});

describe("chat.postEphemeral", () => {
  it("tells one person, in the thread that is named", async () => {
    const made = await scene();
    const { twin, harbour, ann } = made;
    const { root, ts } = await withButton(made);
    const seen: SlackChange[] = [];
    twin.subscribe((change) => void seen.push(change));
    const whisper = { channel: harbour, user: ann, text: "psst" };
    await call(twin, "chat.postEphemeral", { ...whisper, thread_ts: root });
    const shown = [{ format: "mrkdwn", text: whisper.text }];
    expect(seen).toEqual([{ kind: "ephemeral", ...whisper, shown, threadTs: root }]);
    expect(await codeOf(twin, "chat.postEphemeral", { ...whisper, thread_ts: ts })).toBe(
      "cannot_reply_to_message",
    );
    expect(await codeOf(twin, "chat.postEphemeral", { ...whisper, user: "U0NOBODY" })).toBe(
      "user_not_in_channel",
    );
  });
});
