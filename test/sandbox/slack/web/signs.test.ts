import { describe, expect, it } from "vitest";
import { fakeClock } from "../../../fakes/clock.ts";
import type { SlackChange } from "../../../../src/sandbox/slack/types.ts";
import { codeOf, postAs, useScenes, type Json } from "../helpers.ts";

const { scene } = useScenes();

describe("assistant.threads.setStatus", () => {
  it("shows until it is cleared, the bot posts in the thread, or two minutes have passed", async () => {
    const clock = fakeClock();
    const { twin, harbour, ann } = await scene({ clock });
    const seen: SlackChange[] = [];
    const root = twin.say({ channel: harbour, user: ann, text: "root" });
    twin.subscribe((change) => seen.push(change));
    const set = (status: string) =>
      codeOf(twin, "assistant.threads.setStatus", { channel_id: harbour, thread_ts: root, status });
    const shown = () => twin.status(harbour, root);
    await set("is thinking…");
    expect(shown()).toBe("is thinking…");
    await set("");
    expect(shown()).toBe("");
    await set("is thinking…");
    await postAs(twin, { channel: harbour, text: "elsewhere" });
    expect(shown()).toBe("is thinking…");
    await postAs(twin, { channel: harbour, text: "here", thread_ts: root });
    expect(shown()).toBe("");
    await set("is thinking…");
    await clock.advance(90_000);
    await set("is still thinking…");
    await clock.advance(119_000);
    expect(shown()).toBe("is still thinking…");
    await clock.advance(1000);
    expect(shown()).toBe("");
    await set("is back…");
    await set("");
    await set("");
    await clock.advance(240_000);
    expect(seen.flatMap((change) => (change.kind === "status" ? [change.status] : []))).toEqual([
      "is thinking…",
      "",
      "is thinking…",
      "",
      "is thinking…",
      "is still thinking…",
      "",
      "is back…",
      "",
    ]);
  });

  it("wants the root of a thread where the bot is", async () => {
    const { twin, harbour, ann } = await scene();
    const root = twin.say({ channel: harbour, user: ann, text: "root" });
    const reply = twin.say({ channel: harbour, user: ann, text: "reply", threadTs: root });
    const set = (args: Json) =>
      codeOf(twin, "assistant.threads.setStatus", {
        channel_id: harbour,
        thread_ts: root,
        status: "x",
        ...args,
      });
    expect(await set({ thread_ts: "1.000001" })).toBe("invalid_thread_ts");
    expect(await set({ thread_ts: reply })).toBe("invalid_thread_ts");
    expect(await set({ channel_id: "C0NOWHERE" })).toBe("channel_not_found");
    expect(await set({ channel_id: twin.addChannel({ name: "other", members: [ann] }) })).toBe(
      "channel_not_found",
    );
    expect(await set({ loading_messages: Array(11).fill("x") })).toBe("invalid_arguments");
    expect(await set({ loading_messages: Array(10).fill("x") })).toBe("ok");
    expect(await codeOf(twin, "assistant.threads.setStatus", { channel_id: harbour, thread_ts: root })).toBe(
      "invalid_arguments",
    );
  });
});

describe("reactions.add", () => {
  it("puts each emoji on a message once", async () => {
    const { twin, harbour, ann } = await scene();
    const timestamp = twin.say({ channel: harbour, user: ann, text: "hi" });
    twin.react(harbour, timestamp, ann, "owl");
    const react = (args: Json) =>
      codeOf(twin, "reactions.add", { channel: harbour, timestamp, name: "owl", ...args });
    expect(await react({})).toBe("ok");
    expect(twin.messages(harbour)[0]?.reactions).toEqual([{ name: "owl", users: [ann, twin.bot.userId] }]);
    expect(await react({})).toBe("already_reacted");
    expect(await react({ name: "no spaces" })).toBe("invalid_name");
    expect(await react({ timestamp: "1.000001" })).toBe("message_not_found");
    expect(await react({ channel: twin.addChannel({ name: "other", members: [ann] }) })).toBe(
      "not_in_channel",
    );
    twin.archive(harbour);
    expect(await react({ name: "cat" })).toBe("is_archived");
  });
});
