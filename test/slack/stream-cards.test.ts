import { describe, expect, test } from "vitest";
import { withoutBreaks } from "../../src/slack/format.ts";
import { decodePlace } from "../../src/slack/place.ts";
import { final } from "../contracts/platform-bench.ts";
import { answer, growing, stage } from "./stream-kit.ts";

describe("cards of the tools that the model calls", () => {
  test("stand beside the text", async () => {
    const { twin, slack, place } = await stage();
    const tool = { id: "c1", name: "search", isDone: false };
    const id = await slack.post(place, { ...growing("Let me look"), tools: [tool] }, answer(twin, place));
    const done = { ...final("Let me look: here."), tools: [{ ...tool, isDone: true }] };
    await slack.edit(place, id, done);
    const { channel, threadTs } = decodePlace(place);
    expect(twin.messages(channel, threadTs)[1]!.blocks).toMatchObject([
      { type: "task_card", title: "Using search", status: "complete" },
      { type: "markdown", text: "Let me look: here." },
    ]);
  });

  test.each(["auto", "edit"] as const)("are there before anything is said (%s)", async (streaming) => {
    const { twin, slack, place, methods } = await stage({ streaming });
    const { channel, threadTs } = decodePlace(place);
    const blocks = () => twin.messages(channel, threadTs)[1]!.blocks;
    const tool = { id: "c1", name: "search", isDone: false };
    const called = { text: "", written: "", final: false, tools: [tool] };
    const id = await slack.post(place, called, answer(twin, place));
    expect(methods()).toEqual([streaming === "auto" ? "chat.startStream" : "chat.postMessage"]);
    expect(blocks()).toEqual([
      expect.objectContaining({ type: "task_card", title: "Using search", status: "in_progress" }),
    ]);
    await slack.edit(place, id, {
      ...called,
      tools: [
        { ...tool, isDone: true },
        { ...tool, id: "c2" },
      ],
    });
    expect(blocks()).toMatchObject([{ status: "complete" }, { status: "in_progress" }]);
    const done = [tool, { ...tool, id: "c2" }].map((one) => ({ ...one, isDone: true }));
    await slack.edit(place, id, { ...final("Here."), tools: done });
    expect(blocks()).toMatchObject([
      { status: "complete" },
      { status: "complete" },
      { type: "markdown", text: "Here." },
    ]);
  });

  test.each(["<!channel>", "<@U012ABC>", "<!subteam^S1|x>"])(
    "notify nobody by a tool that is named %s, streamed or edited",
    async (name) => {
      const { twin, slack, place } = await stage();
      const tools = [{ id: "c1", name, isDone: false }];
      const id = await slack.post(place, { ...growing("Let"), tools }, answer(twin, place));
      await slack.edit(place, id, {
        ...growing("Let me"),
        tools: [...tools, { id: "c2", name, isDone: true }],
      });
      await slack.edit(place, id, { ...final("Otherwise."), tools });
      const { channel, threadTs } = decodePlace(place);
      const [card] = twin.messages(channel, threadTs)[1]!.blocks;
      expect(withoutBreaks(String(card?.["title"]))).toBe(`Using ${name}`);
      expect(twin.notifications).toEqual([]);
    },
  );

  test("do not stay at work when the next process goes on without knowing of it", async () => {
    const { twin, slack, place, connect } = await stage();
    const key = answer(twin, place);
    const tools = [{ id: "c1", name: "search", isDone: false }];
    const id = await slack.post(place, { text: "", written: "", final: false, tools }, key);
    const next = await connect();
    expect(await next.post(place, final("Here."), { ...key, repeated: true })).toBe(id);
    await next.edit(place, id, final("Here."));
    const { channel, threadTs } = decodePlace(place);
    expect(twin.messages(channel, threadTs)[1]!.blocks).toMatchObject([{ type: "markdown", text: "Here." }]);
  });
});
