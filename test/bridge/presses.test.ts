import { describe, expect, it } from "vitest";
import { createPresses, createStops } from "../../src/bridge/presses.ts";
import type { Press } from "../../src/chat/platform.ts";
import { createLog } from "../../src/log.ts";
import { NOTHING_TO_STOP } from "../../src/reply/notice.ts";
import { say } from "../fakes/telnyx.ts";
import { STOPPED, usePressKit } from "./press-kit.ts";

const kit = usePressKit();

describe("a press of Stop", () => {
  it("ends the reply where it is, keeps its text, and lets the next turn of the place go on", async () => {
    const { bench, endless, begin, own, button, press, outcomes } = kit();
    const { chat, clock, telnyx } = bench;
    endless();
    const place = await begin();
    expect(button(place)).toMatchObject({ action: "stop", label: "Stop" });
    await chat.say(place, "and then?");
    telnyx.model(() => say("Then this."));
    expect(await press(place)).toBeUndefined();
    await clock.advance(500);
    const [stopped, next] = own(place);
    expect(stopped?.message.text).toMatch(new RegExp(`^(?:word\\d+ )+\\n\\n${STOPPED}$`));
    expect(stopped).toMatchObject({ final: true, buttons: [] });
    expect(next?.message.text).toBe("Then this.");
    expect(outcomes()).toEqual(["stopped", "done"]);
    expect(telnyx.asked).toHaveLength(2);
  });

  it("costs no paint more than the end does", async () => {
    const { bench, endless, begin, press } = kit();
    const { chat, clock } = bench;
    endless();
    const place = await begin();
    const held = chat.hold("edit");
    await clock.advance(10);
    const before = chat.calls.length;
    await press(place);
    held.open();
    await clock.advance(1_000);
    const last = chat.calls.at(-1);
    expect(last?.page?.text).toContain("I was stopped.");
    expect(chat.calls.filter(({ page }) => page?.final)).toHaveLength(1);
    expect(chat.calls.length - before).toBeLessThanOrEqual(2);
  });

  it("is logged with who pressed, and says so privately when there is nothing left to stop", async () => {
    const { bench, endless, begin, button, press } = kit();
    endless();
    const place = await begin();
    const pressed = button(place);
    expect(await press(place, pressed)).toBeUndefined();
    await bench.clock.advance(500);
    expect(await press(place, pressed)).toBe(NOTHING_TO_STOP);
    expect(await bench.chat.press(bench.chat.openPlace(), "stop", pressed.turn)).toBe(NOTHING_TO_STOP);
    const lines = bench.lines.filter((line) => line.includes("a button was pressed"));
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { turn: pressed.turn, place, action: "stop", by: "U1", done: true },
      { by: "U1", done: false },
      { by: "U1", done: false },
    ]);
  });

  it("twice at once stops once", async () => {
    const { bench, endless, begin, button, press, outcomes } = kit();
    endless();
    const place = await begin();
    const pressed = button(place);
    await Promise.all([press(place, pressed), press(place, pressed)]);
    await bench.clock.advance(1_000);
    expect(bench.chat.pages(place)).toHaveLength(1);
    expect(outcomes()).toEqual(["stopped"]);
  });

  it("does not cut off an answer that is whole, of which only delivery is left", async () => {
    const { bench, inHalves, button, press, outcomes } = kit();
    const { chat, clock } = bench;
    inHalves();
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(500);
    const pressed = button(place);
    const held = chat.hold("edit");
    await clock.advance(1_000);
    await press(place, pressed);
    held.open();
    await clock.advance(1_000);
    expect(chat.pages(place)).toEqual(["Half and half."]);
    expect(outcomes()).toEqual(["done"]);
  });

  it("ends a reply of several pages, and all of them are final", async () => {
    const { bench, endless, begin, own, press } = kit();
    endless();
    const place = await begin();
    await bench.clock.advance(15_000);
    expect(own(place).length).toBeGreaterThan(1);
    expect(own(place).findLastIndex(({ buttons }) => buttons.length === 0)).toBe(own(place).length - 2);
    await press(place);
    await bench.clock.advance(500);
    expect(own(place).every(({ final, buttons }) => final && buttons.length === 0)).toBe(true);
    expect(bench.chat.pages(place).at(-1)).toContain(STOPPED);
  });

  it("that cannot be stored is not acknowledged, and the reply goes on", async () => {
    const { bench, endless, begin, button, press, outcomes } = kit();
    endless();
    const place = await begin();
    const { mailbox } = bench.now().database;
    const broken = { ...mailbox, askStop: () => Promise.reject(new Error("the disk is full")) };
    const { control } = bench.now().database.replicas;
    const log = createLog("silent");
    const presses = createPresses({ mailbox: broken, control, stops: createStops(), log });
    const by = { id: "U1", name: "Ada", kind: "person" } as const;
    const wish: Press = { platform: "fake", place, ...button(place), by };
    await expect(presses(wish)).rejects.toThrow("the disk is full");
    await bench.clock.advance(1_000);
    expect(outcomes()).toEqual([]);
    expect(await press(place)).toBeUndefined();
    await bench.clock.advance(1_000);
    expect(outcomes()).toEqual(["stopped"]);
  });
});

describe("createStops", () => {
  it("hears a word that comes a moment before its turn, and forgets the oldest of very many", async () => {
    const stops = createStops();
    for (let turn = 1; turn <= 1_001; turn += 1) stops.hear({ kind: "stop", turn });
    const heard = (turn: number) => stops.heed(turn, async (signal) => signal.aborted);
    expect([await heard(1), await heard(2), await heard(1_001), await heard(2_000)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
