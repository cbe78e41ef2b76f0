import { describe, expect, it } from "vitest";
import type { Failed } from "../../src/reply/event.ts";
import { aside, NOT_ACCEPTED } from "../../src/reply/notice.ts";
import { say } from "../fakes/telnyx.ts";
import { type Bench, useBenches } from "./harness.ts";

const open = useBenches();

const paints = ({ chat }: Bench) => chat.calls.filter(({ kind }) => kind !== "history");

describe("a reply that the platform rate-limits", () => {
  it.each(["post", "edit"] as const)(
    "is painted once more for each refusal (%s), and no oftener",
    async (kind) => {
      const bench = await open();
      const { chat, telnyx, clock, settle } = bench;
      telnyx.model(async function* () {
        yield { kind: "text", delta: "Half" };
        await clock.sleep(500);
        yield { kind: "text", delta: " and half." };
        yield { kind: "done" };
      });
      chat.fail(kind, "rate_limited", { times: 2 });
      const place = chat.openPlace();
      await chat.say(place, "hello");
      await settle(10_000);
      expect(chat.pages(place)).toEqual(["Half and half."]);
      expect(paints(bench).length).toBeLessThanOrEqual(4);
    },
  );
});

describe("a page that the platform rejects", () => {
  it("as a draft is shown when it is whole", async () => {
    const { chat, telnyx, clock, settle } = await open();
    telnyx.model(async function* () {
      yield { kind: "text", delta: "Half" };
      await clock.sleep(5_000);
      yield { kind: "text", delta: " and half." };
      yield { kind: "done" };
    });
    chat.fail("post", "rejected");
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(1_000);
    expect(chat.pages(place)).toEqual([]);
    await settle(10_000);
    expect(chat.pages(place)).toEqual(["Half and half."]);
  });

  it("for good gives way to one honest sentence, and the other pages are shown", async () => {
    const { chat, telnyx, settle } = await open({ pageLength: 200 });
    const paragraph = (name: string) => `${name} ${"word ".repeat(20)}`.trim();
    const text = ["First", "Second", "Third"].map(paragraph).join("\n\n");
    chat.refuseText("Second");
    telnyx.model(() => say(text));
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await settle(60_000);
    const pages = chat.pages(place).map((page) => page.trim());
    expect(pages).toEqual([paragraph("First"), aside(NOT_ACCEPTED), paragraph("Third")]);
    expect(chat.stored(place).every(({ final }) => final)).toBe(true);
  });

  it("for good, after a draft of it was shown, leaves no draft behind", async () => {
    const { chat, telnyx, clock, settle, lines } = await open();
    telnyx.model(async function* () {
      yield { kind: "text", delta: "Half" };
      await clock.sleep(5_000);
      yield { kind: "text", delta: " and forbidden." };
      yield { kind: "done" };
    });
    chat.refuseText("forbidden");
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await settle(20_000);
    expect(chat.pages(place)).toEqual([aside(NOT_ACCEPTED)]);
    expect(lines.join("")).toContain("fake_forbidden");
  });

  it("ends the turn when not even the sentence is taken", async () => {
    const { chat, settle } = await open();
    chat.refuseText("");
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await settle(20_000);
    expect(chat.pages(place)).toEqual([]);
    chat.refuseText(undefined);
    await chat.say(place, "hello again");
    await settle(5_000);
    expect(chat.pages(place)).toHaveLength(1);
  });
});

describe("a refusal of Telnyx's that passes", () => {
  it("costs no more than its wait, and the bot is seen to be at work meanwhile", async () => {
    const { chat, telnyx, clock } = await open();
    const busy: Failed = {
      kind: "failed",
      reason: "rate_limited",
      reached: "refused",
      detail: "429",
      retryAfterMs: 3_000,
    };
    let tries = 0;
    telnyx.model(async function* () {
      tries += 1;
      if (tries === 1) yield busy;
      else yield* say("Here I am.");
    });
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(2_900);
    expect([...chat.indicating]).toEqual([place]);
    await clock.advance(200);
    expect(chat.pages(place)).toEqual(["Here I am."]);
  });
});

describe("a message whose platform is switched off since it came", () => {
  it("is left unanswered, which the log tells, and holds up nobody", async () => {
    const { chat, telnyx, settle, lines } = await open();
    const place = chat.openPlace();
    const message = await chat.say(place, "hello", { call: { mentionsBot: false } });
    const call = { ...message.call, mentionsBot: true };
    await chat.deliver({ ...message, key: "other:1", platform: "other", call });
    await chat.say(place, "hello?");
    await settle(5_000);
    expect(telnyx.asked).toHaveLength(1);
    expect(chat.pages(place)).toHaveLength(1);
    expect(lines.filter((line) => line.includes("its platform is switched off"))).toHaveLength(1);
  });
});
