import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { signatureHeaders } from "../../../src/sandbox/slack/signing.ts";
import { openEndpoint, openSocket, say, useScenes, type Reply } from "./helpers.ts";
import { until } from "../../eventually.ts";

const { scene, closing } = useScenes();
const QUICK = { ackTimeoutMs: 100, retryAfterMs: [10, 10, 10] };

describe("signatureHeaders", () => {
  it("signs as Slack's own example", () => {
    // docs.slack.dev, Verifying requests from Slack: the example's secret, time, body and signature.
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    expect(signatureHeaders("8f742231b10e8888abcd99yyyzzz85a5", body, 1531420618)).toEqual({
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    });
  });
});

describe("setRequestUrl", () => {
  it("takes an address that answers the challenge", async () => {
    const { twin } = await scene();
    const endpoint = await openEndpoint(closing, () => ({ status: 200 }));
    await twin.setRequestUrl(endpoint.url);
    expect(endpoint.heard).toEqual([]);
  });

  it("refuses an address that does not, and keeps what it had", async () => {
    const made = await scene();
    const { twin } = made;
    const web = twin.apiUrl.replace("/api/", "/nowhere");
    await expect(twin.setRequestUrl(web)).rejects.toThrow(
      "did not answer the url_verification challenge: 404",
    );
    const deaf = `${twin.apiUrl}auth.test`;
    await expect(twin.setRequestUrl(deaf)).rejects.toThrow(
      "did not answer the url_verification challenge: 200",
    );
    await expect(twin.setRequestUrl("http://127.0.0.1:1/")).rejects.toThrow("fetch failed");
    const socket = await openSocket(twin);
    say(made, "hi");
    await until("an event by socket", () => socket.envelopes().length === 1);
  });
});

describe("events by HTTP", () => {
  it("are signed, go there and not to sockets, until the mode changes back", async () => {
    const made = await scene();
    const { twin } = made;
    const socket = await openSocket(twin);
    const endpoint = await openEndpoint(closing, () => ({ status: 200 }));
    await twin.setRequestUrl(endpoint.url);
    say(made, "hi");
    await until("the event", () => twin.deliveries[0]?.state === "acknowledged");
    const [{ headers, body }] = endpoint.heard as [(typeof endpoint.heard)[0]];
    const stamp = String(headers["x-slack-request-timestamp"]);
    const digest = createHmac("sha256", twin.signingSecret).update(`v0:${stamp}:${body}`).digest("hex");
    expect(headers["x-slack-signature"]).toBe(`v0=${digest}`);
    expect(Math.abs(Number(stamp) - Date.now() / 1000)).toBeLessThan(60);
    expect(headers["x-slack-retry-num"]).toBeUndefined();
    expect(JSON.parse(body)).toMatchObject({ type: "event_callback", event: { text: "hi" } });
    await twin.setRequestUrl(undefined);
    say(made, "bye");
    await until("an event by socket", () => socket.envelopes().length === 1);
    expect(endpoint.heard).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ["http_error", { status: 500 }],
    ["http_error", { status: 302, headers: { location: "/elsewhere" } }],
    ["http_timeout", "stall"],
    ["connection_failed", "cut"],
  ])("come again with the number and %s as the reason", async (reason, failure) => {
    const made = await scene({ delivery: QUICK });
    const endpoint = await openEndpoint(closing, (_heard, count) => (count < 3 ? failure : { status: 200 }));
    await made.twin.setRequestUrl(endpoint.url);
    say(made, "hi");
    await until("the acknowledgement", () => made.twin.deliveries.at(-1)?.state === "acknowledged");
    expect(
      endpoint.heard.map(({ headers }) => [headers["x-slack-retry-num"], headers["x-slack-retry-reason"]]),
    ).toEqual([
      [undefined, undefined],
      ["1", reason],
      ["2", reason],
    ]);
    expect(new Set(endpoint.heard.map(({ body }) => body)).size).toBe(1);
  });

  it("stop after three further attempts, or when the app asks for none", async () => {
    const made = await scene({ delivery: QUICK });
    const refuse = { "x-slack-no-retry": "1" };
    const endpoint = await openEndpoint(closing, ({ body }) =>
      body.includes("never") ? { status: 500, headers: refuse } : { status: 500 },
    );
    await made.twin.setRequestUrl(endpoint.url);
    say(made, "never");
    say(made, "again");
    await until("all attempts", () => endpoint.heard.length === 5);
    await until("the end", () => made.twin.deliveries.every(({ state }) => state === "failed"));
    expect(endpoint.heard.filter(({ body }) => body.includes("never"))).toHaveLength(1);
    expect(endpoint.heard.filter(({ body }) => body.includes("again"))).toHaveLength(4);
  });
});
