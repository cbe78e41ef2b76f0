import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sum, USUAL_PERMISSIONS } from "../../../src/sandbox/discord/permissions.ts";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { fakeClock, type FakeClock } from "../../fakes/clock.ts";
import { outcome, request } from "./bot.ts";

let clock: FakeClock;
let twin: DiscordTwin;
let channel: string;
let ann: string;

beforeEach(async () => {
  clock = fakeClock();
  twin = await startDiscordTwin({ limits: "off", clock });
  channel = twin.addChannel({ name: "general" });
  ann = twin.addUser({ name: "ann" }).id;
});
afterEach(() => twin.close());

const path = (id: string) => `/channels/${channel}/messages/${id}`;
const edit = (id: string, body: unknown) => request(twin, `PATCH ${path(id)}`, body);

async function post(body: object): Promise<string> {
  const answer = await request(twin, `POST /channels/${channel}/messages`, body);
  return String(answer.body.id);
}

describe("editing a message", () => {
  it("shows the new text, the time, and what was there before", async () => {
    const id = await post({ content: "one" });
    await clock.advance(1000);
    const { body } = await edit(id, { content: " two " });
    expect(body).toMatchObject({ id, content: "two" });
    expect(Date.parse(body.edited_timestamp)).toBe(clock.now());
    await edit(id, { content: "three" });
    expect(twin.messages(channel)).toMatchObject([
      { content: "three", editedAt: clock.now(), history: [{ content: "one" }, { content: "two" }] },
    ]);
  });

  it("has the limits of posting", async () => {
    const id = await post({ content: "one" });
    expect((await edit(id, { content: "x".repeat(2001) })).body.code).toBe(50035);
    expect((await edit(id, { content: "" })).body.code).toBe(50006);
    expect((await edit(id, { content: null })).body.code).toBe(50006);
    expect(twin.messages(channel)[0]?.content).toBe("one");
  });

  it("refuses messages of others, and messages that are not there", async () => {
    const said = twin.say({ channel, user: ann, content: "mine" });
    expect(await outcome(twin, `PATCH ${path(said)}`, { content: "yours" })).toBe("403 50005");
    const hooked = twin.say({ channel, user: ann, content: "mine", webhook: "hook" });
    expect(await outcome(twin, `PATCH ${path(hooked)}`, { content: "yours" })).toBe("403 50005");
    const id = await post({ content: "one" });
    twin.delete(channel, id);
    expect(await outcome(twin, `PATCH ${path(id)}`, { content: "two" })).toBe("404 10008");
    expect(await outcome(twin, `PATCH /channels/1/messages/1`, { content: "two" })).toBe("404 10003");
  });

  it("refuses system messages", async () => {
    const started = twin.say({ channel, user: twin.bot.id, content: "", type: 6 });
    expect(await outcome(twin, `PATCH ${path(started)}`, { content: "two" })).toBe("403 50021");
  });

  it("lets moderators suppress the embeds of others' messages, and nothing else", async () => {
    const said = twin.say({ channel, user: ann, content: "https://a.example" });
    expect(await outcome(twin, `PATCH ${path(said)}`, { flags: 4 })).toBe("403 50013");
    twin.grant(sum("VIEW_CHANNEL", "MANAGE_MESSAGES"));
    expect(await outcome(twin, `PATCH ${path(said)}`, { flags: 4, content: "" })).toBe("403 50005");
    expect(await outcome(twin, `PATCH ${path(said)}`, { flags: 4 })).toBe("200");
    expect(twin.messages(channel)[0]).toMatchObject({ flags: 4, embeds: [] });
    expect(twin.messages(channel)[0]?.editedAt).toBeUndefined();
  });

  it("keeps SUPPRESS_EMBEDS until an edit takes it away, and ignores flags that cannot be set", async () => {
    const id = await post({ content: "https://a.example", flags: 4 });
    await edit(id, { content: "https://b.example" });
    expect(twin.unfurlings).toEqual([]);
    twin.addThread({ channel, name: "t", message: id });
    await edit(id, { flags: 64 });
    expect(twin.messages(channel)[0]?.flags).toBe(32);
    expect(twin.unfurlings).toMatchObject([{ url: "https://b.example" }]);
  });

  it("appends files, and keeps those that are named", async () => {
    const withFile = (name: string, payload: object) => {
      const form = new FormData();
      form.set("payload_json", JSON.stringify(payload));
      form.set("files[0]", new Blob(["x"]), name);
      return form;
    };
    const posted = await request(twin, `POST /channels/${channel}/messages`, withFile("a.txt", {}));
    const id = String(posted.body.id);
    await edit(id, withFile("b.txt", {}));
    const names = () => twin.messages(channel)[0]?.attachments.map(({ name }) => name);
    expect(names()).toEqual(["a.txt", "b.txt"]);
    const kept = posted.body.attachments[0].id as string;
    await edit(id, { attachments: [{ id: kept }] });
    expect(names()).toEqual(["a.txt"]);
    expect((await edit(id, { attachments: [] })).body.code).toBe(50006);
  });
});

describe("reading messages", () => {
  const list = async (query = ""): Promise<string[]> => {
    const { body } = await request(twin, `GET /channels/${channel}/messages${query}`);
    return (body as { content: string }[]).map(({ content }) => content);
  };
  const say = (...texts: string[]) => texts.map((content) => twin.say({ channel, user: ann, content }));

  it("lists the newest first, fifty unless told otherwise", async () => {
    say(...Array.from({ length: 60 }, (_, index) => String(index)));
    expect((await list())[0]).toBe("59");
    expect(await list()).toHaveLength(50);
    expect(await list("?limit=3")).toEqual(["59", "58", "57"]);
    expect(await list("?limit=100")).toHaveLength(60);
  });

  it("lists before, after and around a message, the nearest ones", async () => {
    const ids = say("a", "b", "c", "d", "e");
    expect(await list(`?before=${ids[3]}&limit=2`)).toEqual(["c", "b"]);
    expect(await list(`?after=${ids[1]}&limit=2`)).toEqual(["d", "c"]);
    expect(await list(`?around=${ids[2]}&limit=3`)).toEqual(["d", "c", "b"]);
    expect(await list(`?after=0&limit=2`)).toEqual(["b", "a"]);
  });

  it.each(["?limit=0", "?limit=101", "?limit=x", "?before=x", "?before=1&after=1"])(
    "refuses %s",
    async (query) => {
      expect(await outcome(twin, `GET /channels/${channel}/messages${query}`)).toBe("400 50035");
    },
  );

  it("shows nothing without READ_MESSAGE_HISTORY, and refuses a single message", async () => {
    const [id] = say("a");
    twin.grant(sum("VIEW_CHANNEL"));
    expect(await list()).toEqual([]);
    expect(await outcome(twin, `GET ${path(id ?? "")}`)).toBe("403 50013");
    twin.grant(sum("VIEW_CHANNEL", "READ_MESSAGE_HISTORY"));
    expect(await list()).toEqual(["a"]);
    expect(await outcome(twin, `GET ${path(id ?? "")}`)).toBe("200");
    expect(await outcome(twin, `GET ${path("1")}`)).toBe("404 10008");
  });
});

describe("deleting a message", () => {
  it("deletes the bot's own, and others' with MANAGE_MESSAGES", async () => {
    const own = await post({ content: "mine" });
    const said = twin.say({ channel, user: ann, content: "hers" });
    expect(await outcome(twin, `DELETE ${path(own)}`)).toBe("204");
    expect(await outcome(twin, `DELETE ${path(said)}`)).toBe("403 50013");
    twin.grant(USUAL_PERMISSIONS | sum("MANAGE_MESSAGES"));
    expect(await outcome(twin, `DELETE ${path(said)}`)).toBe("204");
    expect(await outcome(twin, `DELETE ${path(said)}`)).toBe("404 10008");
    expect(twin.messages(channel)).toEqual([]);
  });

  it("leaves what Discord says cannot be deleted", async () => {
    twin.grant(sum("VIEW_CHANNEL", "MANAGE_MESSAGES"));
    const renamed = twin.say({ channel, user: ann, content: "x", type: 4 });
    expect(await outcome(twin, `DELETE ${path(renamed)}`)).toBe("403 50021");
  });
});
