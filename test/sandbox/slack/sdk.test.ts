import type { AddressInfo } from "node:net";
import { App, HTTPReceiver, SocketModeReceiver } from "@slack/bolt";
import { SocketModeClient } from "@slack/socket-mode";
import { WebClient } from "@slack/web-api";
import { describe, expect, it } from "vitest";
import { onMethod, slackError } from "../../../src/sandbox/slack/faults.ts";
import { MENTION, postAs, quiet, say, useScenes, webClient, type Json, type Scene } from "./helpers.ts";
import { until } from "../../eventually.ts";

const { scene, closing } = useScenes();

/** Bolt in Socket Mode. The receiver's own client takes its address from `installerOptions` alone. */
async function boltBySocket({ twin }: Scene, clientPingTimeout = 5000): Promise<App> {
  const receiver = new SocketModeReceiver({
    appToken: twin.appToken,
    logger: quiet,
    clientPingTimeout,
    installerOptions: { clientOptions: { slackApiUrl: twin.apiUrl } },
  });
  const clientOptions = { slackApiUrl: twin.apiUrl, retryConfig: { retries: 0 } };
  const app = new App({ token: twin.botToken, receiver, logger: quiet, clientOptions });
  await app.start();
  closing(() => app.stop());
  return app;
}

async function boltByHttp({ twin }: Scene, signingSecret = twin.signingSecret): Promise<[App, string]> {
  const receiver = new HTTPReceiver({ signingSecret, logger: quiet });
  const clientOptions = { slackApiUrl: twin.apiUrl };
  const app = new App({ token: twin.botToken, receiver, logger: quiet, clientOptions });
  const server = await app.start({ port: 0, host: "127.0.0.1" });
  closing(() => app.stop());
  return [app, `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`];
}

/** An app that answers a mention in its thread, and lets the answer grow. */
function answering(app: App): void {
  app.event("app_mention", async ({ event, client, say: reply }) => {
    const posted = await reply({ text: "It is…", thread_ts: event.ts });
    const ts = posted.ts ?? "";
    await client.chat.update({ channel: event.channel, ts, text: "It is nine fathoms." });
  });
}

describe("@slack/bolt", () => {
  it.each(["socket", "http"] as const)("answers a mention by %s, and the answer grows", async (mode) => {
    const made = await scene();
    const { twin, harbour } = made;
    if (mode === "socket") answering(await boltBySocket(made));
    else {
      const [app, url] = await boltByHttp(made);
      answering(app);
      await twin.setRequestUrl(url);
    }
    const root = say(made, MENTION);
    await until("the answer", () => twin.messages(harbour, root)[1]?.edits === 1);
    const [, answer] = twin.messages(harbour, root);
    expect(answer?.versions.map(({ text }) => text)).toEqual(["It is…", "It is nine fathoms."]);
    await until("all acks", () => twin.deliveries.every(({ state }) => state === "acknowledged"));
    expect(new Set(twin.deliveries.map(({ via }) => via))).toEqual(new Set([mode]));
    expect(twin.calls.filter(({ answer: { ok } }) => ok !== true)).toEqual([]);
  });

  it("turns the twin away when the signing secret is another", async () => {
    const made = await scene();
    const [, url] = await boltByHttp(made, "another secret");
    await expect(made.twin.setRequestUrl(url)).rejects.toThrow("401");
  });

  it("does not see its own posts, but does see the echo of its own edits", async () => {
    const made = await scene();
    const { twin, harbour } = made;
    const app = await boltBySocket(made);
    const seen: unknown[] = [];
    app.event("message", async ({ event }) => void seen.push(event.subtype ?? event.type));
    const ts = await postAs(twin, { channel: harbour, text: "a" });
    await app.client.chat.update({ channel: harbour, ts, text: "b" });
    await until("events", () => seen.length > 0 && twin.deliveries.every(({ state }) => state !== "open"));
    expect(seen).toEqual(["message_changed"]);
  });

  it("is told which attempt an event is", async () => {
    const made = await scene({ delivery: { retryAfterMs: [10] } });
    const { twin } = made;
    const app = await boltBySocket(made);
    const seen: unknown[] = [];
    app.event("message", async ({ context }) => void seen.push([context.retryNum, context.retryReason]));
    twin.disturb({ times: 1, effect: "lose-ack" });
    say(made, "hi");
    await until("two attempts", () => seen.length === 2);
    expect(seen).toEqual([
      [0, ""],
      [1, "timeout"],
    ]);
  });

  it("does not start with a token that the twin did not give out", async () => {
    const { twin } = await scene();
    const app = new App({
      token: "xoxb-another",
      signingSecret: "x",
      logger: quiet,
      clientOptions: { slackApiUrl: twin.apiUrl },
      deferInitialization: true,
    });
    await expect(app.init().then(() => app.client.auth.test())).rejects.toMatchObject({
      data: { error: "invalid_auth" },
    });
  });
});

describe("@slack/socket-mode", () => {
  async function connect({ twin }: Scene, seen: Json[]): Promise<SocketModeClient> {
    const client = new SocketModeClient({
      appToken: twin.appToken,
      logger: quiet,
      clientPingTimeout: 150,
      clientOptions: { slackApiUrl: twin.apiUrl },
    });
    client.on("slack_event", ({ ack, body }: { ack: () => Promise<void>; body: Json }) => {
      seen.push(body["event"] as Json);
      void ack();
    });
    await client.start();
    closing(() => client.disconnect());
    return client;
  }

  it.each(["warning", "refresh_requested", "cut", "silence"] as const)(
    "comes back after %s, and nothing that was said meanwhile is lost",
    async (reason) => {
      const made = await scene({
        delivery: { ackTimeoutMs: 60, retryAfterMs: [50, 200, 400, 800, 1600, 3200] },
      });
      const seen: Json[] = [];
      await connect(made, seen);
      say(made, "before");
      await until("the first event", () => seen.length === 1);
      made.twin.disconnectSockets(reason);
      say(made, "meanwhile");
      await until("the second event", () => seen.some(({ text }) => text === "meanwhile"));
      const opened = made.twin.calls.filter(({ method }) => method === "apps.connections.open");
      expect(opened.length).toBeGreaterThan(1);
    },
  );

  it("shares events over two connections", async () => {
    const made = await scene();
    const seen: [Json[], Json[]] = [[], []];
    for (const list of seen) await connect(made, list);
    for (let i = 0; i < 6; i += 1) say(made, `${i}`);
    await until("six events", () => seen.flat().length === 6);
    expect(seen.map((list) => list.length)).toEqual([3, 3]);
  });
});

describe("@slack/web-api", () => {
  it("pages through lists by cursor", async () => {
    const { twin, harbour, ann, bob } = await scene();
    const members: string[] = [];
    const pages = webClient(twin).paginate("conversations.members", { channel: harbour, limit: 1 });
    for await (const page of pages) members.push(...((page as { members?: string[] }).members ?? []));
    expect(members).toEqual([twin.bot.userId, ann, bob]);
  });

  it("carries blocks and metadata there and back", async () => {
    const { twin, harbour } = await scene();
    const client = webClient(twin);
    const metadata = { event_type: "page", event_payload: { key: "a", n: 1 } };
    const posted = await client.apiCall("chat.postMessage", {
      channel: harbour,
      text: "Ünïcödé & <b> 😀",
      blocks: [{ type: "markdown", text: "# Title" }],
      metadata,
      unfurl_links: false,
      unfurl_media: false,
    });
    const read = await client.conversations.replies({
      channel: harbour,
      ts: (posted as { ts?: string }).ts ?? "",
      include_all_metadata: true,
    });
    expect(read.messages).toMatchObject([{ text: "Ünïcödé & <b> 😀", metadata }]);
    expect(twin.messages(harbour)[0]?.shown).toEqual([{ format: "markdown", text: "# Title" }]);
  });

  it("shows the scopes of the token, and the error of a refusal", async () => {
    const { twin } = await scene({ scopes: ["users:read"] });
    const client = webClient(twin);
    const { response_metadata: about } = await client.auth.test();
    expect(about?.scopes).toEqual(["users:read"]);
    await expect(client.conversations.open({ users: "U0STRANGER" })).rejects.toMatchObject({
      code: "slack_webapi_platform_error",
      data: { error: "missing_scope", provided: "users:read" },
    });
  });

  it("posts twice when it retries an answer that was lost: Slack has no key against it", async () => {
    const { twin, harbour } = await scene();
    const retryConfig = { retries: 1, minTimeout: 1, maxTimeout: 1 };
    const client = new WebClient(twin.botToken, { slackApiUrl: twin.apiUrl, logger: quiet, retryConfig });
    twin.inject({ matches: onMethod("chat.postMessage"), times: 1, effect: { kind: "swallow" } });
    await client.apiCall("chat.postMessage", { channel: harbour, text: "once?" });
    expect(twin.messages(harbour).map(({ text }) => text)).toEqual(["once?", "once?"]);
    twin.inject({ matches: onMethod("auth.test"), times: 1, effect: slackError("token_revoked") });
    await expect(client.auth.test()).rejects.toMatchObject({ data: { error: "token_revoked" } });
  });
});
