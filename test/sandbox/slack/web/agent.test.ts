import { describe, expect, it } from "vitest";
import { call, codeOf, say, sent, useScenes, type Json, type Scene } from "../helpers.ts";

const { scene } = useScenes();

async function streamed(place: Scene): Promise<{ dm: string; root: string; stream: Json }> {
  const { twin, ann } = place;
  const dm = twin.openDm(ann);
  const root = say(place, "a question", { channel: dm });
  const { body } = await call(twin, "chat.startStream", {
    channel: dm,
    thread_ts: root,
    markdown_text: "It",
  });
  return { dm, root, stream: { channel: dm, ts: body["ts"] } };
}

describe("an agent's session", () => {
  it("is processing while something is streamed, and as told when the stream is stopped", async () => {
    const place = await scene();
    const { dm, root, stream } = await streamed(place);
    const status = () => place.twin.session(dm, root)?.status;
    expect(status()).toBe("processing");
    expect(await codeOf(place.twin, "chat.stopStream", { ...stream, session_status: "asleep" })).toBe(
      "invalid_arguments",
    );
    expect(await codeOf(place.twin, "chat.stopStream", stream)).toBe("ok");
    expect(status()).toBe("active");
  });

  it("is none of an app's that is no agent", async () => {
    const place = await scene({ scopes: ["chat:write", "im:history"] });
    const { dm, root } = await streamed(place);
    expect(place.twin.session(dm, root)).toBeUndefined();
    const args = { channel_id: dm, thread_ts: root, status: "processing" };
    expect(await codeOf(place.twin, "agents.sessions.setStatus", args)).toBe("missing_scope");
  });

  it("is stopped by a person: the streams end, the app is told, and has to say that it is no longer at work", async () => {
    const place = await scene();
    const { twin, ann } = place;
    const { dm, root, stream } = await streamed(place);
    twin.stopSession(dm, root, ann);
    const event = sent(twin).find(({ type }) => type === "agent_session_stopped");
    expect(event).toMatchObject({
      channel: dm,
      user: ann,
      thread_ts: root,
      streaming_message_ts: [stream["ts"]],
    });
    expect(await codeOf(twin, "chat.appendStream", { ...stream, markdown_text: "x" })).toBe(
      "stopped_by_user",
    );
    expect(await codeOf(twin, "chat.stopStream", stream)).toBe("message_not_in_streaming_state");
    expect(await codeOf(twin, "chat.update", { ...stream, text: "It ends here." })).toBe("ok");
    expect(twin.session(dm, root)?.status).toBe("processing");
    const args = { channel_id: dm, thread_ts: root, status: "active" };
    expect(await codeOf(twin, "agents.sessions.setStatus", args)).toBe("ok");
    expect(() => twin.stopSession(dm, root, ann)).toThrow("nothing goes on");
  });

  it("warns an app that would not hear of it", async () => {
    const place = await scene({ events: ["message.im"] });
    const { dm, root } = await streamed(place);
    const args = { channel_id: dm, thread_ts: root, status: "processing" };
    const { body } = await call(place.twin, "agents.sessions.setStatus", args);
    expect(body).toMatchObject({ ok: true, warning: "missing_agent_session_stopped_event_subscription" });
  });
});

describe("titles and suggested prompts", () => {
  it("stand in the agent's direct message", async () => {
    const place = await scene();
    const { dm, root } = await streamed(place);
    const { twin } = place;
    const title = (more: Json = {}) =>
      codeOf(twin, "assistant.threads.setTitle", {
        channel_id: dm,
        thread_ts: root,
        title: "Lakes",
        ...more,
      });
    expect(await title()).toBe("ok");
    expect(twin.session(dm, root)?.title).toBe("Lakes");
    expect(await title({ thread_ts: "1.1" })).toBe("invalid_thread_ts");
    const prompts = (count: number) =>
      codeOf(twin, "assistant.threads.setSuggestedPrompts", {
        channel_id: dm,
        prompts: Array.from({ length: count }, (_, at) => ({ title: `T${at}`, message: `M${at}` })),
      });
    expect(await prompts(5)).toBe("invalid_arguments");
    expect(await prompts(2)).toBe("ok");
    expect(twin.prompts(dm)).toEqual([
      { title: "T0", message: "M0" },
      { title: "T1", message: "M1" },
    ]);
  });

  it("are asked for when the tab is opened, of which the app is told", async () => {
    const { twin, ann } = await scene();
    const dm = twin.openDm(ann);
    twin.openHome(ann, "messages");
    expect(sent(twin).at(-1)).toMatchObject({
      type: "app_home_opened",
      user: ann,
      channel: dm,
      tab: "messages",
    });
  });
});
