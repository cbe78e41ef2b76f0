import { describe, expect, it } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import type { Message } from "../../src/chat/message.ts";
import { NOTHING_TO_ANSWER } from "../../src/reply/notice.ts";
import { say } from "../fakes/telnyx.ts";
import { type PressKit, STOPPED, usePressKit } from "./press-kit.ts";

const kit = usePressKit();

const AWAY_MS = 20 * 60_000;
const OFFER = "_This was asked while I was away, 20 minutes ago._";
const ANSWER = { action: "answer", label: "Answer now" } as const;

/** Something was asked while no process ran, and is stored twenty minutes later by the next. */
async function askedLate({ bench }: PressKit): Promise<Place> {
  const { chat, clock } = bench;
  const place = chat.openPlace();
  await bench.kill();
  await chat.say(place, "how deep?");
  const message: Message = chat.stored(place).at(-1)!.message;
  await clock.advance(AWAY_MS);
  await bench.crash();
  await bench.now().database.mailbox.add(message, false, true);
  await clock.advance(1_000);
  return place;
}

describe("what was asked too long ago", () => {
  it("is offered to be answered: one page, one sentence, one button, and no request to Telnyx", async () => {
    const made = kit();
    const place = await askedLate(made);
    expect(made.own(place).map(({ message }) => message.text)).toEqual([OFFER]);
    expect(made.own(place)).toMatchObject([{ final: false, buttons: [ANSWER] }]);
    expect(made.outcomes()).toEqual(["postponed"]);
    expect([made.bench.telnyx.asked.length, made.bench.telnyx.created.length]).toEqual([0, 0]);
    expect(made.bench.chat.calls.map(({ kind }) => kind)).toEqual(["missed", "post"]);
  });

  it("is answered in the same page when somebody asks for it, within a sweep", async () => {
    const made = kit();
    const { bench, own, press, outcomes } = made;
    const place = await askedLate(made);
    bench.telnyx.model(() => say("Nine fathoms."));
    expect(await press(place)).toBeUndefined();
    await bench.clock.advance(500);
    expect(own(place).map(({ message }) => message.text)).toEqual(["Nine fathoms."]);
    expect(own(place)).toMatchObject([{ final: true, buttons: [] }]);
    expect(outcomes()).toEqual(["postponed", "done"]);
  });

  it("is answered once, however many press, and later presses are told so", async () => {
    const made = kit();
    const { bench, button, press, outcomes } = made;
    const place = await askedLate(made);
    bench.telnyx.model(() => say("Nine fathoms."));
    const offer = button(place);
    const told = await Promise.all([press(place, offer), press(place, offer), press(place, offer)]);
    expect(told).toEqual([undefined, NOTHING_TO_ANSWER, NOTHING_TO_ANSWER]);
    await bench.clock.advance(500);
    expect(await press(place, offer)).toBe(NOTHING_TO_ANSWER);
    expect(await press(bench.chat.openPlace(), offer)).toBe(NOTHING_TO_ANSWER);
    await bench.clock.advance(1_000);
    expect(bench.chat.pages(place)).toEqual(["Nine fathoms."]);
    expect([outcomes(), bench.telnyx.asked.length]).toEqual([["postponed", "done"], 1]);
  });

  it("can be stopped once it is being answered", async () => {
    const made = kit();
    const { bench, button, press, endless } = made;
    const place = await askedLate(made);
    endless();
    await press(place);
    await bench.clock.advance(2_000);
    expect(button(place).action).toBe("stop");
    await press(place);
    await bench.clock.advance(500);
    expect(bench.chat.pages(place)).toHaveLength(1);
    expect(bench.chat.pages(place)[0]).toContain(STOPPED);
  });

  it("does not hold up what is asked after it, and is answered in its page though others were meanwhile", async () => {
    const made = kit();
    const { bench, own, press, outcomes } = made;
    const place = await askedLate(made);
    bench.telnyx.model(() => say("Hello!"));
    await bench.chat.say(place, "hello");
    await bench.clock.advance(500);
    expect(bench.chat.pages(place)).toEqual([OFFER, "Hello!"]);
    bench.telnyx.model(() => say("Nine fathoms."));
    await press(place);
    await bench.clock.advance(1_000);
    expect(own(place).map(({ message }) => message.text)).toEqual(["Nine fathoms.", "Hello!"]);
    expect(outcomes()).toEqual(["postponed", "done", "done"]);
  });

  it("is let be where somebody deleted the offer before it could be answered", async () => {
    const made = kit();
    const { bench, own, press, outcomes } = made;
    const place = await askedLate(made);
    bench.telnyx.model(() => say("Nine fathoms."));
    await press(place);
    bench.chat.remove(place, own(place)[0]!.message.id);
    await bench.clock.advance(1_000);
    expect(bench.chat.pages(place)).toEqual([]);
    expect(outcomes()).toEqual(["postponed", "stopped"]);
  });

  it("is offered in other words where the platform refuses these", async () => {
    const made = kit();
    made.bench.chat.refuseText("while I was away");
    const place = await askedLate(made);
    expect(made.bench.chat.pages(place)).toEqual([
      "_This part of the answer was refused here. Ask me to put it in other words._",
    ]);
    expect(made.button(place)).toMatchObject(ANSWER);
    expect(made.outcomes()).toEqual(["postponed"]);
  });
});

describe("a kill", () => {
  it.each(["before", "after"] as const)("%s the offer was posted leaves one offer", async (when) => {
    const made = kit();
    const { bench, own, button, outcomes } = made;
    const held = bench.chat.hold("post", when);
    const place = await askedLate(made);
    expect(held.held).toBe(1);
    await bench.crash();
    held.open();
    await bench.settle(3_000);
    expect(own(place)).toHaveLength(1);
    expect(button(place)).toMatchObject(ANSWER);
    expect(outcomes()).toEqual(["postponed"]);
    expect(bench.telnyx.asked).toHaveLength(0);
  });

  it("between the press and the answer loses no wish", async () => {
    const made = kit();
    const { bench, press, outcomes } = made;
    const place = await askedLate(made);
    bench.telnyx.model(() => say("Nine fathoms."));
    await press(place);
    await bench.crash();
    await bench.settle(3_000);
    expect(bench.chat.pages(place)).toEqual(["Nine fathoms."]);
    expect(outcomes()).toEqual(["postponed", "done"]);
  });

  it.each(["before", "after"] as const)("%s an edit of the answer ends it in the same page", async (when) => {
    const made = kit();
    const { bench, press, own, inHalves } = made;
    const place = await askedLate(made);
    inHalves();
    const held = bench.chat.hold("edit", when);
    await press(place);
    await bench.clock.advance(3_000);
    expect(held.held).toBe(1);
    await bench.crash();
    held.open();
    await bench.settle(20_000);
    expect(bench.chat.pages(place)).toEqual(["Half and half."]);
    expect(own(place)).toMatchObject([{ final: true, buttons: [] }]);
  });
});
