import { expect, test } from "vitest";
import { createScript } from "../../src/bridge/script.ts";
import type { ReplyEvent } from "../../src/reply/event.ts";
import { advance, newReply } from "../../src/reply/reply.ts";

const call = (id: string): ReplyEvent => ({
  kind: "tool",
  call: { id, name: `tool ${id}`, arguments: "{}" },
});
const text = (delta: string): ReplyEvent => ({ kind: "text", delta });
const LIMITS = { pageLength: 120, tools: true };

function pagesAfter(events: readonly ReplyEvent[], limits: { pageLength: number; tools?: boolean } = LIMITS) {
  const script = createScript(limits, 1);
  let reply = newReply();
  return events.map((event) => {
    reply = advance(reply, event);
    return script.pagesOf(reply);
  });
}

test("a tool is shown on the page that was written when it was called, at work until the model goes on", () => {
  const [before, called, after, , final] = pagesAfter([
    text("One."),
    call("a"),
    text(" Two."),
    text(" three".repeat(40)),
    { kind: "done" },
  ]);
  expect(before![0]).not.toHaveProperty("tools");
  expect(called![0]!.tools).toEqual([{ id: "a", name: "tool a", isDone: false }]);
  expect(after![0]!.tools).toEqual([{ id: "a", name: "tool a", isDone: true }]);
  expect(final!.length).toBeGreaterThan(1);
  expect(final!.map(({ tools = [] }) => tools.length)).toEqual(
    final!.map((_, index) => (index === 0 ? 1 : 0)),
  );
});

test("a tool that is called before anything is said has a page, which the text then goes on", () => {
  const [called, written, failed] = [
    pagesAfter([call("a")]).at(-1)!,
    pagesAfter([call("a"), text("One.")]).at(-1)!,
    pagesAfter([call("a"), { kind: "failed", reason: "cut", detail: "", reached: "unknown" }]).at(-1)!,
  ];
  expect(called).toMatchObject([
    {
      text: "",
      written: "",
      final: false,
      tools: [{ id: "a", isDone: false }],
      buttons: [{ action: "stop" }],
    },
  ]);
  expect(written).toMatchObject([{ written: "One.", tools: [{ id: "a", isDone: true }] }]);
  expect(failed).toMatchObject([{ final: true, tools: [{ id: "a", isDone: true }] }]);
  expect(failed[0]!.text).not.toBe("");
});

test("where tools cannot be shown, pages say nothing of them", () => {
  const pages = pagesAfter([call("a"), text("One."), call("b"), { kind: "done" }], { pageLength: 120 });
  expect(pages[0]).toEqual([]);
  expect(pages.flat().every((page) => page.tools === undefined)).toBe(true);
});
