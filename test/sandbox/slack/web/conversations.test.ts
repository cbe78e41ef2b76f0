import { describe, expect, it } from "vitest";
import { call, codeOf, useScenes, type Json } from "../helpers.ts";

const { scene } = useScenes();

describe("conversations.info", () => {
  it("describes each kind of channel", async () => {
    const { twin, harbour, ann, bob } = await scene();
    const info = async (channel: string) =>
      (await call(twin, "conversations.info", { channel, include_num_members: true })).body["channel"];
    expect(await info(harbour)).toMatchObject({
      id: harbour,
      name: "harbour",
      is_channel: true,
      is_private: false,
      is_member: true,
      is_archived: false,
      num_members: 3,
      topic: { value: "Boats & tides" },
    });
    const cabin = twin.addChannel({ name: "cabin", kind: "private" });
    expect(await info(cabin)).toMatchObject({ is_channel: false, is_group: true, is_private: true });
    expect(await info(twin.openDm(ann))).toMatchObject({ is_im: true, user: ann });
    expect(await info(twin.openDm(ann, bob))).toMatchObject({ is_mpim: true, is_private: true });
  });

  it("follows a channel's name and topic", async () => {
    const { twin, harbour } = await scene();
    twin.rename(harbour, "port");
    twin.setTopic(harbour, "Ships");
    const { body } = await call(twin, "conversations.info", { channel: harbour });
    expect(body["channel"]).toMatchObject({ name: "port", topic: { value: "Ships" } });
    expect(twin.messages(harbour).map(({ subtype }) => subtype)).toEqual(["channel_name", "channel_topic"]);
  });

  it("hides private channels of others, and wants the scope of the kind", async () => {
    const { twin, harbour, ann } = await scene({ scopes: ["channels:read"] });
    const secret = twin.addChannel({ name: "secret", kind: "private", members: [ann] });
    const cabin = twin.addChannel({ name: "cabin", kind: "private" });
    expect(await codeOf(twin, "conversations.info", { channel: harbour })).toBe("ok");
    expect(await codeOf(twin, "conversations.info", { channel: secret })).toBe("channel_not_found");
    expect((await call(twin, "conversations.info", { channel: cabin })).body).toMatchObject({
      error: "missing_scope",
      needed: "groups:read",
    });
  });
});

describe("conversations.list and conversations.members", () => {
  it("list what the bot may see, in pages", async () => {
    const { twin, harbour, ann, bob } = await scene();
    twin.addChannel({ name: "secret", kind: "private", members: [ann] });
    const cabin = twin.addChannel({ name: "cabin", kind: "private" });
    const dm = twin.openDm(ann);
    const names = async (args: Json) => {
      const { body } = await call(twin, "conversations.list", args);
      return (body["channels"] as Json[]).map((channel) => channel["id"]);
    };
    expect(await names({})).toEqual([harbour]);
    expect(await names({ types: "public_channel,private_channel,im" })).toEqual([harbour, cabin, dm]);
    twin.archive(harbour);
    expect(await names({ exclude_archived: true })).toEqual([]);
    const first = await call(twin, "conversations.members", { channel: cabin, limit: 2 });
    const { next_cursor: cursor } = first.body["response_metadata"] as Json;
    const second = await call(twin, "conversations.members", { channel: cabin, limit: 2, cursor });
    expect([first.body["members"], second.body["members"]]).toEqual([[twin.bot.userId, ann], [bob]]);
    expect(second.body["response_metadata"]).toEqual({ next_cursor: "" });
  });

  it("give a hundred at a time when they are not told", async () => {
    const { twin, harbour } = await scene();
    for (let i = 0; i < 100; i += 1) twin.addChannel({ name: `pier-${i}` });
    for (let i = 0; i < 100; i += 1) twin.addToChannel(harbour, twin.addUser({ name: `sailor-${i}` }));
    const { body: list } = await call(twin, "conversations.list");
    const { body: members } = await call(twin, "conversations.members", { channel: harbour });
    expect([list["channels"], members["members"]].map((page) => (page as unknown[]).length)).toEqual([
      100, 100,
    ]);
  });

  it("refuse what they do not understand", async () => {
    const { twin, harbour } = await scene({ scopes: ["channels:read"] });
    const list = (args: Json) => codeOf(twin, "conversations.list", args);
    expect(await list({ types: "secret_channel" })).toBe("invalid_types");
    expect(await list({ cursor: "nonsense" })).toBe("invalid_cursor");
    expect(await list({ limit: 1001 })).toBe("invalid_limit");
    expect(await list({ limit: "many" })).toBe("invalid_limit");
    expect(await list({ types: "public_channel,im" })).toBe("missing_scope");
    expect(await codeOf(twin, "conversations.members", { channel: harbour, limit: 0 })).toBe("invalid_limit");
  });
});

describe("users.conversations", () => {
  it("lists those that the bot is in, of the wanted types, in pages", async () => {
    const { twin, harbour, ann, bob } = await scene();
    twin.addChannel({ name: "other", members: [ann] });
    const cabin = twin.addChannel({ name: "cabin", kind: "private" });
    const [dm, group] = [twin.openDm(ann), twin.openDm(ann, bob)];
    const list = async (args: Json) => (await call(twin, "users.conversations", args)).body;
    const ids = async (args: Json) => ((await list(args))["channels"] as Json[]).map(({ id }) => id);
    expect(await ids({})).toEqual([harbour]);
    expect(await ids({ types: "im,mpim" })).toEqual([dm, group]);
    const first = await list({ types: "public_channel,private_channel", limit: 1 });
    expect(first["channels"]).toMatchObject([{ id: harbour, is_private: false }]);
    expect((first["channels"] as Json[])[0]).not.toHaveProperty("is_member");
    const { next_cursor: cursor } = first["response_metadata"] as Json;
    expect(await ids({ types: "public_channel,private_channel", limit: 1, cursor })).toEqual([cabin]);
    twin.archive(cabin);
    expect(await ids({ types: "private_channel", exclude_archived: true })).toEqual([]);
    expect(await codeOf(twin, "users.conversations", { limit: 1000 })).toBe("invalid_limit");
  });

  it("wants the scope of every type that is asked for", async () => {
    const { twin } = await scene({ scopes: ["im:read"] });
    expect(await codeOf(twin, "users.conversations", { types: "im" })).toBe("ok");
    const { body } = await call(twin, "users.conversations", { types: "im,mpim" });
    expect(body).toMatchObject({ error: "missing_scope", needed: "mpim:read" });
  });
});

describe("conversations.open", () => {
  it("opens one DM for the same people", async () => {
    const { twin, ann, bob } = await scene();
    const open = async (args: Json) => (await call(twin, "conversations.open", args)).body;
    const dm = twin.openDm(ann);
    expect(await open({ users: ann })).toMatchObject({ channel: { id: dm }, already_open: true });
    const group = await open({ users: `${ann},${bob}` });
    expect(group["already_open"]).toBeUndefined();
    const { id } = group["channel"] as Json;
    expect(twin.channels().find((channel) => channel.id === id)).toMatchObject({ kind: "mpim" });
    expect(await open({ channel: dm })).toMatchObject({ channel: { id: dm } });
    expect(await open({ users: ann, return_im: true })).toMatchObject({ channel: { user: ann } });
  });

  it("refuses what it cannot open", async () => {
    const { twin, harbour, ann, bob } = await scene({ scopes: ["im:write"] });
    const open = (args: Json) => codeOf(twin, "conversations.open", args);
    expect(await open({})).toBe("users_list_not_supplied");
    expect(await open({ users: "U0STRANGER" })).toBe("user_not_found");
    expect(await open({ users: Array(9).fill(ann).join(",") })).toBe("too_many_users");
    expect(await open({ channel: harbour })).toBe("method_not_supported_for_channel_type");
    expect(await open({ users: `${ann},${bob}` })).toBe("missing_scope");
    expect(await open({ users: ann })).toBe("ok");
  });
});
