import { describe, expect, it } from "vitest";
import { call, codeOf, postAs, useScenes } from "../helpers.ts";

const { scene } = useScenes();
const METADATA = { event_type: "page", event_payload: { key: "t1-p0" } };

describe("chat.update", () => {
  it("replaces the content and keeps every version", async () => {
    const { twin, harbour } = await scene();
    const ts = await postAs(twin, { channel: harbour, text: "a" });
    for (const text of ["ab", "abc"]) {
      expect((await call(twin, "chat.update", { channel: harbour, ts, text })).body).toMatchObject({
        ok: true,
        channel: harbour,
        ts,
        text,
      });
    }
    const shown = twin.messages(harbour)[0];
    expect(shown).toMatchObject({ text: "abc", edits: 2, edited: true, ts });
    expect(shown?.versions.map(({ text }) => text)).toEqual(["a", "ab", "abc"]);
  });

  it("takes blocks away by text alone, keeps them with neither, and shows no edit mark with blocks", async () => {
    const { twin, harbour } = await scene();
    const blocks = [{ type: "markdown", text: "**a**" }];
    const ts = await postAs(twin, { channel: harbour, text: "a", blocks });
    const update = (args: object) => call(twin, "chat.update", { channel: harbour, ts, ...args });
    await update({ text: "b", blocks: [{ type: "markdown", text: "**b**" }] });
    expect(twin.messages(harbour)[0]).toMatchObject({ text: "b", edited: false });
    expect(twin.messages(harbour)[0]?.shown).toEqual([{ format: "markdown", text: "**b**" }]);
    await update({ attachments: [{ text: "more" }] });
    expect(twin.messages(harbour)[0]?.blocks).toHaveLength(1);
    await update({ text: "c" });
    expect(twin.messages(harbour)[0]).toMatchObject({ text: "c", blocks: [], edited: true });
    await update({ blocks });
    expect(twin.messages(harbour)[0]).toMatchObject({ text: "c", blocks, edited: false });
  });

  it("takes 4,000 bytes of text", async () => {
    const { twin, harbour } = await scene();
    const ts = await postAs(twin, { channel: harbour, text: "a" });
    const update = (text: string) => codeOf(twin, "chat.update", { channel: harbour, ts, text });
    expect(await update("x".repeat(4000))).toBe("ok");
    expect(await update("x".repeat(4001))).toBe("msg_too_long");
    expect(await update("é".repeat(2001))).toBe("msg_too_long");
    expect(twin.messages(harbour)[0]?.edits).toBe(1);
  });

  it("touches only the bot's own messages, where they are", async () => {
    const { twin, harbour, ann } = await scene();
    const kettle = twin.addBot("kettle");
    twin.addToChannel(harbour, kettle.userId);
    const update = (ts: string, channel = harbour) => codeOf(twin, "chat.update", { channel, ts, text: "x" });
    expect(await update(twin.say({ channel: harbour, user: ann, text: "mine" }))).toBe("cant_update_message");
    expect(await update(twin.say({ channel: harbour, user: kettle.userId, text: "mine" }))).toBe(
      "cant_update_message",
    );
    expect(await update("1.000001")).toBe("message_not_found");
    const ts = await postAs(twin, { channel: harbour, text: "a" });
    expect(await update(ts, "C0NOWHERE")).toBe("channel_not_found");
    twin.delete(harbour, ts);
    expect(await update(ts)).toBe("message_not_found");
    const last = await postAs(twin, { channel: harbour, text: "a" });
    twin.archive(harbour);
    expect(await update(last)).toBe("is_inactive");
  });

  it("does not bring a tombstone back to life", async () => {
    const { twin, harbour, ann } = await scene();
    const ts = await postAs(twin, { channel: harbour, text: "root" });
    twin.say({ channel: harbour, user: ann, text: "reply", threadTs: ts });
    expect(await codeOf(twin, "chat.delete", { channel: harbour, ts })).toBe("ok");
    expect(twin.messages(harbour)[0]).toMatchObject({ subtype: "tombstone" });
    expect(await codeOf(twin, "chat.update", { channel: harbour, ts, text: "x" })).toBe("message_not_found");
  });

  it("keeps metadata that it is not told of, and drops it for an empty object", async () => {
    const { twin, harbour } = await scene();
    const ts = await postAs(twin, { channel: harbour, text: "a", metadata: METADATA });
    await call(twin, "chat.update", { channel: harbour, ts, text: "b" });
    expect(twin.messages(harbour)[0]?.metadata).toEqual(METADATA);
    await call(twin, "chat.update", { channel: harbour, ts, text: "c", metadata: {} });
    expect(twin.messages(harbour)[0]?.metadata).toBeUndefined();
  });

  it("does not put other blocks in the place of rich text", async () => {
    const { twin, harbour } = await scene();
    const section = { type: "rich_text_section", elements: [{ type: "text", text: "a" }] };
    const ts = await postAs(twin, {
      channel: harbour,
      blocks: [{ type: "rich_text", elements: [section] }],
    });
    const update = (blocks: unknown) => codeOf(twin, "chat.update", { channel: harbour, ts, blocks });
    expect(await update([{ type: "markdown", text: "a" }])).toBe("block_mismatch");
    expect(await update([{ type: "nonsense" }])).toBe("invalid_blocks");
    expect(await update([{ type: "rich_text", elements: [section, section] }])).toBe("ok");
  });
});
