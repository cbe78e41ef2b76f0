import { describe, expect, it } from "vitest";
import { fakeClock } from "../../../fakes/clock.ts";
import { onMethod, slackError, tooManyRequests } from "../../../../src/sandbox/slack/faults.ts";
import { call, codeOf, useScenes, webClient, type Json } from "../helpers.ts";

const { scene } = useScenes();

async function raw(url: string, init: RequestInit): Promise<Json> {
  const response = await fetch(url, init);
  return (await response.json()) as Json;
}

describe("authorization", () => {
  it("refuses a call without a token", async () => {
    const { twin } = await scene();
    expect(await codeOf(twin, "auth.test", {}, "")).toBe("not_authed");
  });

  it("refuses a token that it did not give out", async () => {
    const { twin } = await scene();
    expect(await codeOf(twin, "auth.test", {}, "xoxb-somebody-else")).toBe("invalid_auth");
  });

  it("keeps the bot's and the app's methods apart", async () => {
    const { twin } = await scene();
    expect(await codeOf(twin, "auth.test", {}, twin.appToken)).toBe("not_allowed_token_type");
    expect(await codeOf(twin, "apps.connections.open", {}, twin.botToken)).toBe("not_allowed_token_type");
  });

  it("takes the token of a form's field, but not of a JSON body", async () => {
    const { twin } = await scene();
    const form = { method: "POST", body: new URLSearchParams({ token: twin.botToken }) };
    expect(await raw(`${twin.apiUrl}auth.test`, form)).toMatchObject({ ok: true });
    const headers = { "content-type": "application/json; charset=utf-8" };
    const json = { method: "POST", headers, body: JSON.stringify({ token: twin.botToken }) };
    expect(await raw(`${twin.apiUrl}auth.test`, json)).toEqual({ ok: false, error: "not_authed" });
  });

  it("says which scope is missing and which there are, and lists them in the headers", async () => {
    const { twin, harbour } = await scene({ scopes: ["channels:read", "users:read"] });
    const refused = await call(twin, "chat.postMessage", { channel: harbour, text: "hi" });
    expect(refused.body).toEqual({
      ok: false,
      error: "missing_scope",
      needed: "chat:write",
      provided: "channels:read,users:read",
    });
    const granted = await call(twin, "conversations.info", { channel: harbour });
    expect(granted.headers.get("x-oauth-scopes")).toBe("channels:read,users:read");
    expect(granted.headers.get("x-accepted-oauth-scopes")).toContain("channels:read");
  });

  it.each([
    ["chat.update", "chat:write"],
    ["chat.delete", "chat:write"],
    ["chat.postEphemeral", "chat:write"],
    ["assistant.threads.setStatus", "chat:write,assistant:write"],
    ["reactions.add", "reactions:write"],
    ["users.info", "users:read"],
    ["bots.info", "users:read"],
    ["team.info", "team:read"],
    ["conversations.info", "channels:read,groups:read,im:read,mpim:read"],
    ["conversations.list", "channels:read,groups:read,im:read,mpim:read"],
    ["conversations.members", "channels:read,groups:read,im:read,mpim:read"],
    ["conversations.history", "channels:history,groups:history,im:history,mpim:history"],
    ["conversations.replies", "channels:history,groups:history,im:history,mpim:history"],
    ["conversations.open", "im:write,mpim:write,channels:manage,groups:write"],
  ])("asks for a scope before %s", async (method, needed) => {
    const { twin } = await scene({ scopes: [] });
    expect((await call(twin, method)).body).toMatchObject({ error: "missing_scope", needed });
  });
});

describe("the request", () => {
  it("names a method that does not exist", async () => {
    const { twin } = await scene();
    expect((await call(twin, "chat.shout")).body).toEqual({
      ok: false,
      error: "unknown_method",
      req_method: "chat.shout",
    });
    expect((await fetch(twin.apiUrl.replace("/api/", "/elsewhere"))).status).toBe(404);
  });

  it("names the arguments that are missing", async () => {
    const { twin } = await scene();
    expect((await call(twin, "conversations.replies", { channel: "" })).body).toEqual({
      ok: false,
      error: "invalid_arguments",
      response_metadata: {
        messages: ["[ERROR] missing required field: channel", "[ERROR] missing required field: ts"],
      },
    });
  });

  it("reads JSON where the method writes, and warns of a missing charset", async () => {
    const { twin, harbour } = await scene();
    const headers = { authorization: `Bearer ${twin.botToken}`, "content-type": "application/json" };
    const flags = { unfurl_links: false, unfurl_media: false };
    const body = JSON.stringify({ channel: harbour, text: "see https://a.b", ...flags });
    const posted = await raw(`${twin.apiUrl}chat.postMessage`, { method: "POST", headers, body });
    expect(posted).toMatchObject({
      ok: true,
      warning: "missing_charset",
      response_metadata: { warnings: ["missing_charset"] },
    });
    expect(twin.messages(harbour).at(-1)?.text).toBe("see https://a.b");
    expect(twin.unfurls).toEqual([]);
  });

  it("takes no object for a text", async () => {
    const { twin, harbour } = await scene();
    const headers = {
      authorization: `Bearer ${twin.botToken}`,
      "content-type": "application/json; charset=utf-8",
    };
    const body = JSON.stringify({ channel: harbour, text: { mrkdwn: "hi" } });
    const answer = await raw(`${twin.apiUrl}chat.postMessage`, { method: "POST", headers, body });
    expect(answer).toEqual({ ok: false, error: "no_text" });
  });

  it("takes no JSON where the method reads", async () => {
    const { twin, ann } = await scene();
    const headers = {
      authorization: `Bearer ${twin.botToken}`,
      "content-type": "application/json; charset=utf-8",
    };
    const init = { method: "POST", headers, body: JSON.stringify({ user: ann }) };
    expect(await raw(`${twin.apiUrl}users.info`, init)).toMatchObject({ error: "invalid_arguments" });
    const query = `${twin.apiUrl}users.info?user=${ann}`;
    expect(await raw(query, { headers })).toMatchObject({ ok: true });
  });

  it.each([
    ["application/json", "{", "invalid_json"],
    ["application/json", "[]", "json_not_object"],
    ["application/json", "null", "json_not_object"],
    ["application/json", "5", "json_not_object"],
    ["text/html", "x", "invalid_post_type"],
  ])("refuses a body of type %s that says %s", async (type, body, error) => {
    const { twin } = await scene();
    const headers = { authorization: `Bearer ${twin.botToken}`, "content-type": type };
    expect(await raw(`${twin.apiUrl}auth.test`, { method: "POST", headers, body })).toEqual({
      ok: false,
      error,
    });
  });

  it("needs no body where there are no arguments", async () => {
    const { twin } = await scene();
    const headers = { authorization: `Bearer ${twin.botToken}` };
    expect(await raw(`${twin.apiUrl}auth.test`, { method: "POST", headers })).toMatchObject({ ok: true });
  });

  it("refuses a body of no type", async () => {
    const { twin } = await scene();
    const headers = { authorization: `Bearer ${twin.botToken}` };
    const init = { method: "POST", headers, body: Buffer.from("text=hi") };
    expect(await raw(`${twin.apiUrl}auth.test`, init)).toEqual({ ok: false, error: "missing_post_type" });
  });

  it("refuses to open a socket by GET", async () => {
    const { twin } = await scene();
    const headers = { authorization: `Bearer ${twin.appToken}` };
    expect(await raw(`${twin.apiUrl}apps.connections.open`, { headers })).toEqual({
      ok: false,
      error: "insecure_request",
    });
  });

  it("is recorded with its arguments and its answer", async () => {
    const clock = fakeClock();
    const { twin, harbour } = await scene({ clock });
    await call(twin, "chat.postMessage", { channel: harbour, text: "hi" });
    await call(twin, "chat.shout");
    expect(twin.calls.map(({ method, args, status }) => [method, args, status])).toEqual([
      ["chat.postMessage", { channel: harbour, text: "hi" }, 200],
      ["chat.shout", {}, 200],
    ]);
    expect(twin.calls[1]?.answer).toMatchObject({ error: "unknown_method" });
  });

  it("is recorded for as long as it was asked to be", async () => {
    const { twin, harbour } = await scene({ keep: 2 });
    for (const text of ["one", "two", "three"]) {
      await call(twin, "chat.postMessage", { channel: harbour, text });
    }
    expect(twin.calls.map(({ args }) => args["text"])).toEqual(["two", "three"]);
    expect(twin.requests).toHaveLength(2);
    const ts = twin.messages(harbour).at(-1)!.ts;
    for (const text of ["four", "five"]) await call(twin, "chat.update", { channel: harbour, ts, text });
    const shown = twin.messages(harbour).at(-1);
    expect(shown?.versions.map((version) => version.text)).toEqual(["four", "five"]);
    expect(shown?.edits).toBe(2);
  });
});

describe("injected faults", () => {
  it("answer with Slack's errors in place of the method", async () => {
    const { twin, harbour } = await scene();
    const matches = onMethod("chat.postMessage");
    twin.inject({ matches, times: 1, effect: slackError("edit_window_closed") });
    expect(await codeOf(twin, "auth.test")).toBe("ok");
    const before = twin.messages(harbour).length;
    expect(await codeOf(twin, "chat.postMessage", { channel: harbour, text: "hi" })).toBe(
      "edit_window_closed",
    );
    expect(twin.messages(harbour)).toHaveLength(before);
    twin.inject({ matches, times: 1, effect: tooManyRequests(7) });
    const again = webClient(twin).apiCall("chat.postMessage", { channel: harbour, text: "hi" });
    await expect(again).rejects.toMatchObject({
      code: "slack_webapi_rate_limited_error",
      retryAfter: 7,
    });
  });

  it("can swallow the answer of a post that was made", async () => {
    const { twin, harbour } = await scene();
    twin.inject({ matches: onMethod("chat.postMessage"), times: 1, effect: { kind: "swallow" } });
    const call = webClient(twin).apiCall("chat.postMessage", { channel: harbour, text: "once" });
    await expect(call).rejects.toMatchObject({
      code: "slack_webapi_request_error",
    });
    expect(twin.messages(harbour).map(({ text }) => text)).toEqual(["once"]);
  });
});
