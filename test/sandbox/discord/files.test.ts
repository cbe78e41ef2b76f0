import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { fakeClock, type FakeClock } from "../../fakes/clock.ts";
import { request } from "./bot.ts";

let clock: FakeClock;
let twin: DiscordTwin;
let channel: string;

beforeEach(async () => {
  clock = fakeClock();
  twin = await startDiscordTwin({ limits: "off", clock });
  channel = twin.addChannel({ name: "general" });
});
afterEach(() => twin.close());

const get = (url: string) => request(twin, `GET ${url}`, undefined, { authorization: "", "user-agent": "" });

describe("files", () => {
  it("are posted in a form, and served at signed addresses", async () => {
    const form = new FormData();
    form.set("payload_json", JSON.stringify({ content: "See" }));
    form.set("files[0]", new Blob(["inside"], { type: "text/plain" }), "a file.txt");
    const { body } = await request(twin, `POST /channels/${channel}/messages`, form);
    expect(body).toMatchObject({
      content: "See",
      attachments: [{ filename: "a file.txt", size: 6, content_type: "text/plain" }],
    });
    const { url } = body.attachments[0] as { url: string };
    expect((await get(url)).body).toBe("inside");
    expect((await get(url.replace("hm=", "hm=0"))).status).toBe(404);
    expect((await get(url.replace(/ex=\w+/, "ex=ffffffff"))).status).toBe(404);
  });

  it("are there for a day at one address, and at a fresh one after that", async () => {
    const user = twin.guild.ownerId;
    const id = twin.say({ channel, user, content: "", files: [{ name: "a.txt", bytes: "inside" }] });
    const address = async (): Promise<string> => {
      const { body } = await request(twin, `GET /channels/${channel}/messages/${id}`);
      return body.attachments[0].url as string;
    };
    const first = await address();
    await clock.advance(86_399_000);
    expect((await get(first)).status).toBe(200);
    await clock.advance(1000);
    expect((await get(first)).status).toBe(404);
    expect((await get(await address())).status).toBe(200);
    twin.delete(channel, id);
    expect((await get(first)).status).toBe(404);
  });
});
