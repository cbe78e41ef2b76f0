import { describe, expect, it } from "vitest";
import type { SlackTwin } from "../../../../src/sandbox/slack/contract.ts";
import { fakeClock } from "../../../fakes/clock.ts";
import { call, codeOf, kinds, postAs, say, useScenes, webClient, type Json, type Scene } from "../helpers.ts";

const { scene } = useScenes();

/** The arguments of a stream for ann, in the thread under a message of hers. */
function streamFor(place: Scene): Json {
  const thread_ts = say(place, "a question");
  const { team } = place.twin;
  return {
    channel: place.harbour,
    thread_ts,
    recipient_user_id: place.ann,
    recipient_team_id: team.id,
  };
}

async function started(place: Scene, args: Json = {}): Promise<{ channel: string; ts: string }> {
  const { body } = await call(place.twin, "chat.startStream", { ...streamFor(place), ...args });
  return { channel: place.harbour, ts: body["ts"] as string };
}

function shown(twin: SlackTwin, { channel, ts }: { channel: string; ts: string }) {
  const found = twin
    .messages(channel)
    .flatMap((root) => twin.messages(channel, root.ts))
    .find((message) => message.ts === ts);
  if (!found) throw new Error(`no message ${ts}`);
  return found;
}

describe("chat.startStream, chat.appendStream, chat.stopStream", () => {
  it("grow one message in the thread, which is never marked as edited", async () => {
    const place = await scene();
    const { twin } = place;
    const stream = await started(place, { markdown_text: "It is **forty" });
    expect(shown(twin, stream).shown).toEqual([{ format: "markdown", text: "It is **forty" }]);
    expect(await codeOf(twin, "chat.appendStream", { ...stream, markdown_text: " metres**" })).toBe("ok");
    const chunks = [{ type: "markdown_text", text: " deep." }];
    const { body } = await call(twin, "chat.stopStream", { ...stream, chunks });
    expect(body).toMatchObject({ ts: stream.ts, message: { streaming_state: "completed" } });
    expect(shown(twin, stream)).toMatchObject({
      text: "It is **forty metres** deep.",
      shown: [{ format: "markdown", text: "It is **forty metres** deep." }],
      edited: false,
    });
    expect(kinds(twin)).toEqual(["message", "message", "message_changed", "message_changed"]);
  });

  it("take what the SDK's streamer sends", async () => {
    const place = await scene();
    const args = streamFor(place);
    const streamer = webClient(place.twin).chatStream({
      channel: place.harbour,
      thread_ts: args["thread_ts"] as string,
      recipient_user_id: place.ann,
      recipient_team_id: place.twin.team.id,
      buffer_size: 4,
    });
    for (const text of ["for", "ty ", "metres"]) await streamer.append({ markdown_text: text });
    const { ts } = await streamer.stop();
    expect(shown(place.twin, { channel: place.harbour, ts: ts ?? "" }).text).toBe("forty metres");
  });

  it("want a thread, and outside of DMs the person and team that it is for", async () => {
    const place = await scene();
    const { twin, ann } = place;
    const args = streamFor(place);
    const start = (change: Json) => codeOf(twin, "chat.startStream", { ...args, ...change });
    expect(await start({ recipient_user_id: "" })).toBe("missing_recipient_user_id");
    expect(await start({ recipient_team_id: "" })).toBe("missing_recipient_team_id");
    expect(await start({ recipient_user_id: "U0NOBODY" })).toBe("user_not_found");
    expect(await start({ recipient_team_id: "T0OTHER" })).toBe("team_not_found");
    expect(await start({ thread_ts: "" })).toBe("invalid_thread_ts");
    expect(await start({ thread_ts: "1.000001" })).toBe("thread_not_found");
    const dm = twin.openDm(ann);
    const thread_ts = twin.say({ channel: dm, user: ann, text: "a question" });
    expect(await codeOf(twin, "chat.startStream", { channel: dm, thread_ts })).toBe("ok");
  });

  it("may begin with nothing, but append something", async () => {
    const place = await scene();
    const stream = await started(place);
    expect(shown(place.twin, stream).shown).toEqual([]);
    expect(await codeOf(place.twin, "chat.appendStream", stream)).toBe("no_text");
    expect(await codeOf(place.twin, "chat.appendStream", { ...stream, markdown_text: "It" })).toBe("ok");
    expect(shown(place.twin, stream).text).toBe("It");
  });

  it("refuse what has ended, what was never streamed, and what is another's", async () => {
    const place = await scene();
    const { twin, harbour } = place;
    const append = (target: Json) => codeOf(twin, "chat.appendStream", { ...target, markdown_text: "more" });
    const stream = await started(place);
    expect(await append(stream)).toBe("ok");
    await call(twin, "chat.stopStream", stream);
    expect(await append(stream)).toBe("message_not_in_streaming_state");
    expect(await codeOf(twin, "chat.stopStream", stream)).toBe("message_not_in_streaming_state");
    const ts = await postAs(twin, { channel: harbour, text: "posted" });
    expect(await append({ channel: harbour, ts })).toBe("message_not_in_streaming_state");
    expect(await append({ channel: harbour, ts: say(place, "ann's") })).toBe("message_not_owned_by_app");
    expect(await append({ channel: harbour, ts: "1.000001" })).toBe("message_not_found");
  });

  it("end by themselves after five minutes, whatever is appended", async () => {
    const clock = fakeClock();
    const place = await scene({ clock });
    const stream = await started(place);
    await clock.advance(299_000);
    const append = () => codeOf(place.twin, "chat.appendStream", { ...stream, markdown_text: "more" });
    expect(await append()).toBe("ok");
    await clock.advance(1000);
    expect(await append()).toBe("message_not_in_streaming_state");
  });

  it("keep chat.update away until they end", async () => {
    const place = await scene();
    const stream = await started(place, { markdown_text: "draft" });
    const update = () => codeOf(place.twin, "chat.update", { ...stream, text: "final" });
    expect(await update()).toBe("streaming_state_conflict");
    await call(place.twin, "chat.stopStream", stream);
    expect(await update()).toBe("ok");
  });
});

describe("what a streamed message holds", () => {
  it("is 12,000 characters a call, and some 10,600 bytes in all", async () => {
    const place = await scene();
    const stream = await started(place);
    const append = (markdown_text: string) =>
      codeOf(place.twin, "chat.appendStream", { ...stream, markdown_text });
    expect(await append("x".repeat(12_001))).toBe("msg_too_long");
    expect(await append("é".repeat(5000))).toBe("ok");
    expect(await append("x".repeat(601))).toBe("msg_too_long");
    expect(await append("x".repeat(600))).toBe("ok");
    expect(shown(place.twin, stream).text).toHaveLength(5600);
  });

  it("includes task cards, in their place and in their newest state", async () => {
    const place = await scene();
    const task = { type: "task_update", id: "t1", title: "Reading", status: "in_progress", details: "a" };
    const stream = await started(place, { chunks: [task, { type: "markdown_text", text: "So" }] });
    const chunks = [
      { ...task, status: "complete", details: "b" },
      { type: "plan_update", title: "Plan" },
    ];
    const blocks = [{ type: "divider" }];
    expect(await codeOf(place.twin, "chat.stopStream", { ...stream, chunks, blocks })).toBe("ok");
    expect(shown(place.twin, stream).blocks).toMatchObject([
      { type: "task_card", task_id: "t1", status: "complete", details: "ab" },
      { type: "markdown", text: "So" },
      { type: "plan", title: "Plan" },
      { type: "divider" },
    ]);
  });

  it("are chunks of the known kinds, and never nothing", async () => {
    const place = await scene();
    const stream = await started(place);
    const append = (chunks: unknown) => codeOf(place.twin, "chat.appendStream", { ...stream, chunks });
    expect(await append("[")).toBe("invalid_chunks");
    expect(await append([{ type: "sculpture" }])).toBe("invalid_chunks");
    expect(await append([{ type: "task_update", id: "t", title: "t", status: "lost" }])).toBe(
      "invalid_chunks",
    );
    const long = { type: "task_update", id: "t", title: "x".repeat(257), status: "pending" };
    expect(await append([long])).toBe("invalid_chunks");
    expect(await append([])).toBe("no_text");
  });

  it("rings the bell for a mention that is split over two calls", async () => {
    const place = await scene();
    const stream = await started(place, { markdown_text: "to <!he" });
    expect(place.twin.notifications).toEqual([]);
    await call(place.twin, "chat.appendStream", { ...stream, markdown_text: "re> all" });
    expect(place.twin.notifications).toMatchObject([{ mention: "<!here>", ts: stream.ts }]);
  });

  it("comes at tier 2 for its begin and end, and at tier 4 between", async () => {
    const place = await scene({ limits: "documented" });
    const args = streamFor(place);
    const codes = async (times: number, method: string, one: Json) => {
      const all = await Promise.all(Array.from({ length: times }, () => codeOf(place.twin, method, one)));
      return all.filter((code) => code !== "ratelimited").length;
    };
    expect(await codes(25, "chat.startStream", args)).toBe(20);
    const stream = {
      channel: place.harbour,
      ts: place.twin.messages(place.harbour, args["thread_ts"] as string).at(-1)?.ts,
    };
    expect(await codes(105, "chat.appendStream", { ...stream, markdown_text: "x" })).toBe(100);
    expect(await codes(25, "chat.stopStream", stream)).toBe(20);
  });
});
