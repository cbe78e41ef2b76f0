import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { USUAL_PERMISSIONS, sum } from "../../../src/sandbox/discord/permissions.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { fakeClock, type FakeClock } from "../../fakes/clock.ts";
import { outcome, request, type Answered } from "./bot.ts";

let clock: FakeClock;
let twin: DiscordTwin;
let channel: string;

beforeEach(async () => {
  clock = fakeClock();
  twin = await startDiscordTwin({ clock });
  channel = twin.addChannel({ name: "general" });
});
afterEach(() => twin.close());

const post = (place = channel) => request(twin, `POST /channels/${place}/messages`, { content: "x" });
const edit = (id: string) => request(twin, `PATCH /channels/${channel}/messages/${id}`, { content: "y" });

function headersOf({ headers }: Answered): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => /ratelimit|retry/.test(name)));
}

describe("writing", () => {
  it("is limited to 5 in 5 seconds a channel, posts and edits together", async () => {
    const first = await post();
    await clock.advance(1000);
    const answers = [await post(), await post(), await edit(first.body.id), await edit(first.body.id)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(headersOf(answers[3]!)).toEqual({
      "x-ratelimit-limit": "5",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": ((clock.now() + 4000) / 1000).toFixed(3),
      "x-ratelimit-reset-after": "4.000",
      "x-ratelimit-bucket": first.headers.get("x-ratelimit-bucket"),
    });
    await clock.advance(600);
    const refused = await edit(first.body.id);
    expect(refused).toMatchObject({
      status: 429,
      body: { message: "You are being rate limited.", retry_after: 3.4, global: false },
    });
    expect(headersOf(refused)).toMatchObject({
      "retry-after": "4",
      "x-ratelimit-scope": "user",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset-after": "3.400",
    });
    await clock.advance(3399);
    expect((await post()).status).toBe(429);
    await clock.advance(1);
    expect((await post()).status).toBe(200);
  });

  it("is counted for each channel alone, a thread being one, in the same bucket", async () => {
    const thread = twin.addThread({ channel, name: "x" });
    const answers: Answered[] = [];
    for (let count = 0; count < 5; count += 1) answers.push(await post());
    expect((await post()).status).toBe(429);
    const other = await post(thread);
    expect(other.status).toBe(200);
    expect(other.headers.get("x-ratelimit-bucket")).toBe(answers[0]?.headers.get("x-ratelimit-bucket"));
    expect(other.headers.get("x-ratelimit-remaining")).toBe("4");
  });

  it("counts what was refused, too", async () => {
    for (let count = 0; count < 5; count += 1)
      expect(await outcome(twin, `POST /channels/${channel}/messages`, {})).toBe("400 50006");
    expect((await post()).status).toBe(429);
  });
});

describe("other limits", () => {
  it("lets nobody make more than 50 requests a second", async () => {
    twin.grant(0n);
    const places = Array.from({ length: 51 }, (_, index) => twin.addChannel({ name: String(index) }));
    const answers = await Promise.all(places.map(post));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.body).toEqual({
      message: "You are being rate limited.",
      retry_after: 1,
      global: true,
    });
    expect(headersOf(refused[0]!)).toEqual({
      "retry-after": "1",
      "x-ratelimit-global": "true",
      "x-ratelimit-scope": "global",
    });
    await clock.advance(1000);
    expect((await post()).status).toBe(403);
  });

  it("has a bucket for each other route", async () => {
    const message = twin.say({ channel, user: twin.guild.ownerId, content: "x" });
    const react =
      `/channels/${channel}/messages/${message}/reactions/${encodeURIComponent("👍")}/@me` as const;
    expect(await outcome(twin, `PUT ${react}`)).toBe("204");
    expect((await request(twin, `DELETE ${react}`)).status).toBe(429);
    for (let count = 0; count < 5; count += 1)
      expect((await request(twin, `GET /channels/${channel}/messages`)).status).toBe(200);
    expect((await request(twin, `GET /channels/${channel}/messages`)).status).toBe(429);
    expect((await request(twin, `POST /channels/${channel}/typing`)).status).toBe(204);
  });

  it("lets three messages older than an hour be edited in six seconds", async () => {
    const { body } = await post();
    await clock.advance(3_600_001);
    for (let count = 0; count < 3; count += 1) expect((await edit(body.id)).status).toBe(200);
    const refused = await edit(body.id);
    expect(refused).toMatchObject({ status: 429, body: { code: 30046, retry_after: 6, global: false } });
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("1");
    await clock.advance(6000);
    expect((await edit(body.id)).status).toBe(200);
  });

  it("lets a younger message be edited more often", async () => {
    const { body } = await post();
    await clock.advance(3_600_000);
    for (let count = 0; count < 5; count += 1) expect((await edit(body.id)).status).toBe(200);
  });

  it("lets a channel be renamed twice in ten minutes", async () => {
    twin.grant(USUAL_PERMISSIONS | sum("MANAGE_CHANNELS"));
    const rename = () => request(twin, `PATCH /channels/${channel}`, { name: "x" });
    await rename();
    await rename();
    const refused = await rename();
    expect(refused).toMatchObject({ status: 429, body: { retry_after: 600 } });
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("2");
    expect(refused.headers.get("retry-after")).toBe("600");
  });

  it("can be changed one by one, and switched off", async () => {
    await twin.close();
    twin = await startDiscordTwin({ clock, rates: { write: { count: 1, windowMs: 10 } } });
    channel = twin.addChannel({ name: "general" });
    expect([(await post()).status, (await post()).status]).toEqual([200, 429]);
    await twin.close();
    twin = await startDiscordTwin({ clock, limits: "off" });
    channel = twin.addChannel({ name: "general" });
    const answers = await Promise.all(Array.from({ length: 60 }, () => post()));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(headersOf(answers[0]!)).toEqual({});
  });
});
