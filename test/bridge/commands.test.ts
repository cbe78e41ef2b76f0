import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CommandHandler, createCommands } from "../../src/bridge/commands.ts";
import type { Command, PrivateAnswer } from "../../src/chat/command.ts";
import type { Place } from "../../src/chat/place.ts";
import { PlatformRefusal } from "../../src/errors.ts";
import { createLog } from "../../src/log.ts";
import { sizeOf } from "../../src/reply/measure.ts";

const LIMITS = { pageLength: 1_900 };
const commandOf = (words: string): Command => ({
  platform: "slack",
  workspaceId: "T1",
  place: "slack:T1:C1" as Place,
  by: { id: "U1", name: "Ada", kind: "person" },
  words,
  manages: async () => false,
});

function openCommands(
  answers: Readonly<Record<string, (rest: string, command: Command) => Promise<PrivateAnswer>>>,
) {
  const lines: string[] = [];
  const log = createLog("debug", [], { write: (line) => void lines.push(line) });
  const handlers: CommandHandler[] = Object.entries(answers).map(([name, run]) => ({
    name,
    does: `does ${name}`,
    run: (command, rest) => run(rest, command),
  }));
  const commands = createCommands({ handlers, log });
  return { ask: (words: string, limits = LIMITS) => commands(commandOf(words), limits), lines };
}
const echo = (name: string) => async (rest: string) => ({ text: `${name}(${rest})` });

describe("a command", () => {
  const { ask } = openCommands({
    conversations: echo("conversations"),
    forget: echo("forget"),
    "forget me": echo("forget me"),
    "my data": echo("my data"),
  });

  test.each([
    ["conversations", "conversations()"],
    ['  Conversations   channel:support  "a b"', 'conversations(channel:support  "a b")'],
    ["forget me", "forget me()"],
    ["FORGET   Me now", "forget me(now)"],
    ["forget mean things", "forget(mean things)"],
    ["my\ndata", "my data()"],
  ])("goes to the one whose name it begins with, the longest first: %j", async (words, answer) => {
    expect(await ask(words)).toBe(answer);
  });

  test("without words, and help, tell what there is", async () => {
    const help = await ask("help");
    expect(help).toBe(
      [
        "Behind `/patchcord` I take:",
        "- `conversations`: does conversations",
        "- `forget`: does forget",
        "- `forget me`: does forget me",
        "- `my data`: does my data",
        "- `help`: tells what there is",
      ].join("\n"),
    );
    expect(await ask("  ")).toBe(help);
  });

  test("that is not known is answered with the nearest, and with what there is", async () => {
    const told = await ask("convresations `x`");
    expect(told).toMatch(/^I do not know `convresations`\. Did you mean `conversations`\? Behind/u);
    expect(told).toContain("- `help`");
    expect(await ask("``<!channel>`` now")).toMatch(/^I do not know `''<!channel>''`\. Behind/u);
    expect(await ask("conversation")).toMatch(/Did you mean `conversations`/u);
    expect((await ask("x".repeat(5_000))).length).toBeLessThan(400);
  });

  test("that fails is answered with a sentence, and its cause is in the log and not in the answer", async () => {
    const { ask, lines } = openCommands({
      broken: () => Promise.reject(new Error("secret cause")),
      blocked: () => Promise.reject(new PlatformRefusal("unavailable", "slack_no_answer", "users.info")),
    });
    expect(await ask("broken things")).toBe(
      "Something broke inside me. Please try again, or tell the person who runs this bot.",
    );
    expect(await ask("blocked")).toMatch(/could not find out what you may see/u);
    expect(lines.filter((line) => line.includes("secret cause"))).toHaveLength(1);
    expect(lines.join()).not.toContain("things");
  });
});

describe("an answer", () => {
  const item = fc.oneof(
    { weight: 5, arbitrary: fc.string({ unit: "grapheme", maxLength: 60 }) },
    { weight: 1, arbitrary: fc.integer({ min: 60, max: 500 }).map((length) => "😀é".repeat(length)) },
  );
  const limits = fc.record({
    pageLength: fc.integer({ min: 100, max: 600 }),
    unit: fc.constantFrom("utf16" as const, "code points" as const, "utf8" as const),
  });

  test("fits, shows its first lines, and says how many it leaves out", async () => {
    const seen = { whole: 0, cut: 0, none: 0 };
    await fc.assert(
      fc.asyncProperty(
        item,
        fc.array(
          item.map((text) => text.replaceAll("\n", " ")),
          { maxLength: 30 },
        ),
        fc.nat(1_000),
        limits,
        async (head, items, beyond, limits) => {
          const text = head.replaceAll("\n", " ");
          const total = items.length + beyond;
          const { ask } = openCommands({ all: async () => ({ text, items, total }) });
          const told = await ask("all", limits);
          expect(sizeOf(told, limits.unit)).toBeLessThanOrEqual(limits.pageLength);
          const lines = told.split("\n");
          const count = /^… and (\d+) more\.$/u.exec(lines.at(-1) ?? "")?.[1];
          const shown = lines.slice(1, count === undefined ? undefined : -1);
          if (items.length > 0) expect(shown.length + Number(count ?? 0)).toBe(total);
          // All but the first are whole.
          expect(shown.slice(1)).toEqual(items.slice(1, shown.length));
          expect((items[0] ?? "").startsWith(shown[0]?.replace(/…$/u, "") ?? "")).toBe(true);
          seen[shown.length === 0 ? "none" : shown.length === items.length ? "whole" : "cut"] += 1;
        },
      ),
      { numRuns: 1_000 },
    );
    expect(Math.min(seen.whole, seen.cut)).toBeGreaterThan(100);
    expect(seen.none).toBeGreaterThan(10);
  });
});
