import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createHttpHandler } from "../../src/slack/http.ts";
import { createIntake, type Intake } from "../../src/slack/receiver.ts";
import { isFromSlack } from "../../src/slack/signature.ts";
import { fakeClock } from "../fakes/clock.ts";
import { bodyOf, keptLog, self } from "./kit.ts";

const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const clock = fakeClock();
const now = Math.floor(clock.now() / 1000);
const sign = (body: string | Buffer, timestamp: string | number, secret = SECRET) =>
  `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex")}`;

describe("a signature", () => {
  test("is right for the documented example", () => {
    // docs.slack.dev, Verifying requests from Slack: the secret, the timestamp, the body and the signature of its example.
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    const request = { body: Buffer.from(body), signature, timestamp: "1531420618" };
    expect(isFromSlack(request, SECRET, 1_531_420_618_000)).toBe(true);
    expect(isFromSlack(request, `${SECRET}x`, 1_531_420_618_000)).toBe(false);
  });

  test("holds for five minutes, before and after, and for these very bytes", () => {
    const body = Buffer.from('{"é": "\u0000"}');
    const check = (timestamp: string | null, signature: string | null, bytes = body) =>
      isFromSlack({ body: bytes, signature, timestamp }, SECRET, now * 1000);
    for (const age of [0, 299, -299, 300, -300])
      expect(check(`${now - age}`, sign(body, now - age))).toBe(true);
    for (const age of [301, -301, 86_400]) expect(check(`${now - age}`, sign(body, now - age))).toBe(false);
    expect(check(`${now}`, sign(body, now), Buffer.from('{"é": "\u0001"}'))).toBe(false);
    expect(check(null, sign(body, now))).toBe(false);
    expect(check(`${now}`, null)).toBe(false);
    expect(check(`${now}`, sign(body, now + 1))).toBe(false);
    expect(check("NaN", sign(body, "NaN"))).toBe(false);
    const unsecret = { body, signature: sign(body, now, ""), timestamp: `${now}` };
    expect(isFromSlack(unsecret, "", now * 1000)).toBe(false);
  });

  test("is refused for anything else, without an error", () => {
    const any = fc.oneof(fc.string({ unit: "binary" }), fc.constant(null), fc.constant(`${now}`));
    fc.assert(
      fc.property(any, any, fc.uint8Array(), (signature, timestamp, bytes) => {
        expect(isFromSlack({ body: Buffer.from(bytes), signature, timestamp }, SECRET, now * 1000)).toBe(
          false,
        );
      }),
    );
  });
});

function open(
  onEvent: (body: unknown) => Promise<void> = async () => {},
  onAction: (body: unknown) => Promise<() => Promise<void>> = async () => async () => {},
) {
  const { log, lines } = keptLog();
  const identity = { self, botToken: "xoxb-1", apiUrl: undefined };
  const nothing = async () => {};
  const others = { onCommand: nothing, onAgentEvent: nothing };
  const intake: Intake = createIntake({ ...identity, log, onEvent, onAction, ...others });
  let session: Intake | undefined = intake;
  const handle = createHttpHandler({ signingSecret: SECRET, clock, log, intake: () => session });
  const send = async (body: string, headers: Record<string, string> = {}) => {
    const signed = { "x-slack-signature": sign(body, now), "x-slack-request-timestamp": `${now}` };
    const all = { "content-type": "application/json", ...signed, ...headers };
    const response = await handle(
      new Request("http://bot.example.com/slack/events", { method: "POST", body, headers: all }),
    );
    return { status: response.status, text: await response.text() };
  };
  return { send, intake, lines, unstart: () => void (session = undefined) };
}

describe("a request", () => {
  const event = JSON.stringify(bodyOf({}));

  test("is answered with 200 after its message was received, and not before", async () => {
    const stored = Promise.withResolvers<void>();
    const seen: unknown[] = [];
    const { send } = open(async (body) => {
      seen.push(body);
      await stored.promise;
    });
    let answered = false;
    const sending = send(event).finally(() => void (answered = true));
    await clock.advance(1);
    expect([seen.length, answered]).toEqual([1, false]);
    stored.resolve();
    expect(await sending).toEqual({ status: 200, text: "" });
  });

  test("is answered with 500 when its message was not received, and handled anew when it comes again", async () => {
    let count = 0;
    const { send, lines } = open(async () => {
      count += 1;
      if (count === 1) throw new Error("the disk is full");
    });
    expect((await send(event)).status).toBe(500);
    expect(lines.some((line) => line["level"] === 40)).toBe(true);
    const retry = { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_error" };
    expect((await send(event, retry)).status).toBe(200);
    expect(count).toBe(2);
  });

  test("that is not Slack's is refused", async () => {
    const { send, lines } = open(() => Promise.reject(new Error("never called")));
    expect((await send(event, { "x-slack-signature": sign(`${event} `, now) })).status).toBe(401);
    const old = { "x-slack-request-timestamp": `${now - 301}`, "x-slack-signature": sign(event, now - 301) };
    expect((await send(event, old)).status).toBe(401);
    expect((await send("{", {})).status).toBe(400);
    expect(lines.filter((line) => line["level"] === 40)).toHaveLength(1);
  });

  test("that is too large is refused, whatever it says of its length", async () => {
    const { send } = open();
    expect((await send("x".repeat(1024 * 1024 + 1))).status).toBe(413);
    expect((await send("x", { "content-length": "99999999" })).status).toBe(413);
  });

  test("to prove the address is answered with the challenge, also before the start, if it is signed", async () => {
    const { send, unstart } = open();
    unstart();
    const challenge = JSON.stringify({
      type: "url_verification",
      challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmd",
    });
    expect(await send(challenge)).toEqual({ status: 200, text: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmd" });
    expect((await send(challenge, { "x-slack-signature": "v0=0" })).status).toBe(401);
    expect((await send(event)).status).toBe(503);
  });

  test("to check the certificate has no signature and no effect", async () => {
    const { send } = open(() => Promise.reject(new Error("never called")));
    const headers = { "content-type": "application/x-www-form-urlencoded", "x-slack-signature": "" };
    expect((await send("ssl_check=1&token=x", headers)).status).toBe(200);
    expect((await send("ssl_check=0&token=x", headers)).status).toBe(401);
  });

  test("that tells of dropped events is taken and logged; one that nobody listens to is not taken", async () => {
    const { send, lines } = open();
    const limited = JSON.stringify({ type: "app_rate_limited", team_id: "T1", minute_rate_limited: 1 });
    expect((await send(limited)).status).toBe(200);
    expect(lines.filter((line) => line["level"] === 40)).toHaveLength(1);
    expect(
      (await send(JSON.stringify({ type: "view_submission", team_id: "T1", user: {}, view: {} }))).status,
    ).toBe(404);
    expect((await send(JSON.stringify(bodyOf({ type: "reaction_added" })))).status).toBe(200);
  });

  test("after the close is not taken, and the close waits for what is under way", async () => {
    const stored = Promise.withResolvers<void>();
    const { send, intake } = open(() => stored.promise);
    const sending = send(event);
    await clock.advance(1);
    let closed = false;
    const closing = intake.close().then(() => void (closed = true));
    await clock.advance(1);
    expect([(await send(event)).status, closed]).toEqual([500, false]);
    stored.resolve();
    await closing;
    expect((await sending).status).toBe(200);
  });
});

describe("a request of a press", () => {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const press = {
    type: "block_actions",
    team: { id: "T1" },
    user: { id: "U1" },
    actions: [{ action_id: "a" }],
  };
  const body = new URLSearchParams({ payload: JSON.stringify(press) }).toString();
  const noEvent = () => Promise.reject(new Error("never called"));

  test("is answered when it was stored, and before anybody is told what became of it", async () => {
    const stored = Promise.withResolvers<void>();
    const told = Promise.withResolvers<void>();
    const seen: unknown[] = [];
    const { send, intake } = open(noEvent, async (pressed) => {
      seen.push(pressed);
      await stored.promise;
      return () => told.promise;
    });
    let answered = false;
    const sending = send(body, form).finally(() => void (answered = true));
    await clock.advance(1);
    expect([seen, answered]).toEqual([[press], false]);
    stored.resolve();
    expect(await sending).toEqual({ status: 200, text: "" });
    let closed = false;
    const closing = intake.close().then(() => void (closed = true));
    await clock.advance(1);
    expect(closed).toBe(false);
    told.resolve();
    await closing;
  });

  test("is answered with 500 when it was not stored", async () => {
    const { send } = open(noEvent, () => Promise.reject(new Error("the disk is full")));
    expect((await send(body, form)).status).toBe(500);
  });

  test("is nobody's when it is not signed, or says nothing", async () => {
    const { send } = open(noEvent, () => Promise.reject(new Error("never called")));
    expect((await send(body, { ...form, "x-slack-signature": "v0=0" })).status).toBe(401);
    expect((await send(body, { ...form, "x-slack-signature": sign(`${body}&`, now) })).status).toBe(401);
    expect((await send("payload=", form)).status).toBe(400);
    expect((await send("token=x", form)).status).toBe(400);
    expect((await send("payload=%7B", form)).status).toBe(400);
    // As JSON it is no interaction of Slack's.
    expect((await send(body)).status).toBe(400);
  });
});
