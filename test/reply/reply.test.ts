import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Failed, ReplyEvent } from "../../src/reply/event.ts";
import { advance, isOver, newReply, postponed, type Reply, stopped } from "../../src/reply/reply.ts";
import { chunked, streams, terminal, wildMarkdown } from "./arbitraries.ts";

const after = (events: readonly ReplyEvent[], start = newReply()): Reply => events.reduce(advance, start);
const text = (delta: string): ReplyEvent => ({ kind: "text", delta });
const failed = (reason: Failed["reason"]): Failed => ({
  kind: "failed",
  reason,
  detail: "d",
  reached: "unknown",
});

describe("advance", () => {
  test("the text is what all deltas say, whatever comes between them", () => {
    fc.assert(
      fc.property(streams(wildMarkdown), (events) => {
        const deltas = events.flatMap((event) => (event.kind === "text" ? [event.delta] : []));
        expect(after(events).text).toBe(deltas.join(""));
        expect(after(events.slice(0, -1)).tools).toHaveLength(
          events.filter(({ kind }) => kind === "tool").length,
        );
      }),
    );
  });

  test("after a terminal event nothing changes", () => {
    fc.assert(
      fc.property(streams(wildMarkdown), streams(wildMarkdown), (events, late) => {
        const over = after(events);
        expect(isOver(over)).toBe(true);
        expect(after(late, over)).toBe(over);
      }),
    );
  });

  test("from a checkpoint it goes on as if it had never stopped", () => {
    fc.assert(
      fc.property(chunked(wildMarkdown), fc.nat(30), terminal, (deltas, at, end) => {
        const before = deltas.slice(0, at).join("");
        const rest = [...deltas.slice(at).map(text), end];
        expect(after(rest, newReply({ text: before }))).toEqual(after([text(before), ...rest]));
      }),
    );
  });

  test("goes from waiting over thinking to writing, and back to thinking for a tool", () => {
    const call = { id: "1", name: "search", arguments: "{}" };
    const events: ReplyEvent[] = [
      { kind: "thinking" },
      text("a"),
      { kind: "tool", call },
      text("b"),
      { kind: "done" },
    ];
    const phases = events.map((_, index) => after(events.slice(0, index + 1)).phase);
    expect(newReply().phase).toBe("waiting");
    expect(newReply({ text: "a" }).phase).toBe("writing");
    expect(phases).toEqual(["thinking", "writing", "thinking", "writing", "done"]);
    expect(after(events).tools).toEqual([call]);
  });

  test("an empty delta changes nothing", () => {
    const waiting = newReply();
    expect(advance(waiting, text(""))).toBe(waiting);
  });

  test("keeps the preface, the usage, and why the model stopped early", () => {
    const usage = { inputTokens: 3, outputTokens: 5 };
    const reply = after(
      [text("a"), { kind: "done", usage, incomplete: "max_output_tokens" }],
      newReply({ preface: "New." }),
    );
    expect(reply).toMatchObject({ phase: "done", preface: "New.", usage, incomplete: "max_output_tokens" });
    expect(reply.notice).toBe(
      "The answer stops here: it reached the most that the model may write at once. Ask me to continue.",
    );
    expect(after([text("a"), { kind: "done", usage }])).not.toHaveProperty("notice");
  });

  test("a failure says whether there is an answer above it, and never what the operator is told", () => {
    expect(after([failed("cut")])).toMatchObject({
      phase: "failed",
      failure: failed("cut"),
      notice: "I could not answer: the connection to the model broke. Please ask again.",
    });
    expect(after([text("a"), failed("cut")]).notice).toBe(
      "The answer stops here: the connection to the model broke. Ask me to continue.",
    );
  });

  test("what was stopped has not failed", () => {
    expect(after([text("a"), failed("aborted")])).toMatchObject({
      phase: "stopped",
      failure: failed("aborted"),
    });
  });

  test("an answer that ends well without a word to read has failed", () => {
    expect(after([text(" \n"), { kind: "done" }])).toMatchObject({
      phase: "failed",
      failure: { reason: "empty" },
    });
    expect(after([{ kind: "done", incomplete: "content_filter" }])).toMatchObject({
      phase: "failed",
      incomplete: "content_filter",
      failure: { reason: "content_filter" },
    });
  });
});

describe("stopped", () => {
  const ABORTED = "The answer stops here: I was stopped.";

  test("ends a reply where it is, and says so", () => {
    const reply = stopped(after([text("Once "), text("upon")]));
    expect(reply).toMatchObject({ phase: "stopped", text: "Once upon", notice: ABORTED });
    expect(stopped(newReply())).toMatchObject({ phase: "stopped", text: "", notice: "I was stopped." });
    expect(isOver(reply)).toBe(true);
  });

  test("keeps the longer of what it has and what an earlier run had", () => {
    const begun = after([text("Once")]);
    expect(stopped(begun, "Once upon a time")).toMatchObject({ text: "Once upon a time", notice: ABORTED });
    expect(stopped(begun, "On")).toMatchObject({ text: "Once", notice: ABORTED });
    // The end came first, and did not know of the earlier run.
    expect(stopped(after([failed("aborted")]), "Once upon")).toMatchObject({
      text: "Once upon",
      notice: ABORTED,
    });
  });

  test("leaves a whole answer alone, and takes the place of a failure", () => {
    const whole = after([text("Once upon a time."), { kind: "done" }]);
    expect(stopped(whole, "Once upon a time, and more")).toBe(whole);
    expect(stopped(after([failed("unavailable")]))).toMatchObject({
      phase: "stopped",
      notice: "I was stopped.",
    });
  });
});

describe("postponed", () => {
  test("is over, with a notice and without a text", () => {
    const reply = postponed(60_000);
    expect(isOver(reply)).toBe(true);
    expect(reply).toMatchObject({ phase: "postponed", text: "" });
    expect(reply.notice).toContain("a minute ago");
    expect(after([text("a")], reply)).toBe(reply);
  });
});
