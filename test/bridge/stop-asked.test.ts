import { describe, expect, it } from "vitest";
import { createPresses, createStops } from "../../src/bridge/presses.ts";
import type { Place } from "../../src/chat/place.ts";
import { createLog } from "../../src/log.ts";
import { STOPPED, usePressKit } from "./press-kit.ts";

const kit = usePressKit();

describe("a press of Stop at another process", () => {
  /** What another process on the same database has: its own ears, and the way to tell. */
  const another = (tell: "told" | "deaf" = "told") => {
    const { bench, button } = kit();
    const { mailbox, replicas } = bench.now().database;
    const control = {
      ...replicas.control,
      ...(tell === "deaf" && { tell: () => Promise.reject(new Error("no connection")) }),
    };
    const presses = createPresses({ mailbox, control, stops: createStops(), log: createLog("silent") });
    const by = { id: "U2", name: "Bob", kind: "person" } as const;
    return (place: Place) => presses({ platform: "fake", place, ...button(place), by });
  };

  it("ends the reply that runs here", async () => {
    const { bench, endless, begin, outcomes } = kit();
    endless();
    const place = await begin();
    expect(await another()(place)).toBeUndefined();
    await bench.clock.advance(500);
    expect(bench.chat.pages(place)[0]).toContain(STOPPED);
    expect(outcomes()).toEqual(["stopped"]);
  });

  it("is heard at least where it was pressed, if the others cannot be told", async () => {
    const { bench, endless, begin, button } = kit();
    endless();
    const place = await begin();
    const { mailbox } = bench.now().database;
    const stops = createStops();
    const control = { tell: () => Promise.reject(new Error("no connection")), hear: () => {} };
    const presses = createPresses({ mailbox, control, stops, log: createLog("silent") });
    const { turn, action } = button(place);
    const by = { id: "U2", name: "Bob", kind: "person" } as const;
    await presses({ platform: "fake", place, turn, action, by });
    expect(await stops.heed(turn, async (stop) => stop.aborted)).toBe(true);
    await bench.crash();
    await bench.settle(3_000);
    expect(bench.chat.pages(place)[0]).toContain(STOPPED);
  });

  it("that cannot tell us is found by whoever takes the turn up again", async () => {
    const { bench, endless, begin, button } = kit();
    endless();
    const place = await begin();
    expect(await another("deaf")(place)).toBeUndefined();
    await bench.clock.advance(1_000);
    expect(button(place)).toBeDefined();
    await bench.crash();
    await bench.settle(3_000);
    expect(bench.chat.pages(place)[0]).toContain(STOPPED);
    expect(bench.telnyx.asked).toHaveLength(1);
  });
});

describe("a stop that was asked for before a kill", () => {
  it("ends the reply with what was checkpointed, and asks the model nothing", async () => {
    const { bench, endless, begin, own, press, outcomes } = kit();
    endless();
    const place = await begin();
    const held = bench.chat.hold("edit");
    await bench.clock.advance(600);
    await press(place);
    await bench.crash();
    held.open();
    await bench.settle(3_000);
    const text = bench.chat.pages(place)[0]!;
    expect(text).toMatch(new RegExp(`^(?:word\\d+ )+\\n\\n${STOPPED}$`));
    expect(own(place)).toMatchObject([{ final: true, buttons: [] }]);
    expect(bench.telnyx.asked).toHaveLength(1);
    expect(outcomes()).toEqual(["stopped"]);
  });

  it("in the middle of its last paints shows no less after it", async () => {
    const { bench, endless, begin, press, outcomes } = kit();
    const { chat } = bench;
    endless();
    const place = await begin();
    const held = chat.hold("edit", "after");
    await bench.clock.advance(5_000);
    await press(place);
    await bench.clock.advance(100);
    held.release();
    await bench.clock.advance(10);
    await bench.crash();
    held.open();
    await bench.settle(3_000);
    const written = bench.chat.calls.flatMap(
      ({ page }) => /word\d+ (?=\S*$|\n)/.exec(page?.text ?? "")?.[0] ?? [],
    );
    expect(chat.pages(place).at(-1)).toContain(written.at(-1)!);
    expect(outcomes().at(-1)).toBe("stopped");
  });

  it("delivers an answer whole that was whole", async () => {
    const { bench, inHalves, button, press } = kit();
    const { chat, clock, telnyx } = bench;
    inHalves();
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(500);
    const pressed = button(place);
    const held = chat.hold("edit");
    await clock.advance(1_000);
    await press(place, pressed);
    await bench.crash();
    held.open();
    await bench.settle(3_000);
    expect(chat.pages(place)).toEqual(["Half and half."]);
    expect(telnyx.asked).toHaveLength(1);
  });
});

describe("a stop while the model is not writing", () => {
  it("ends the wait for another try, and what an earlier run had shown stays", async () => {
    const { bench, endless, begin, button, press, outcomes } = kit();
    const { chat, clock, telnyx } = bench;
    endless();
    const place = await begin();
    const pressed = button(place);
    const [shown = ""] = chat.pages(place);
    await bench.crash();
    telnyx.model(async function* () {
      yield { kind: "failed", reason: "unavailable", detail: "busy", reached: "refused" };
    });
    // Until Telnyx is not asked any more what became of the request, and once refused.
    await clock.advance(14_800);
    expect(telnyx.asked).toHaveLength(2);
    await press(place, pressed);
    await clock.advance(100);
    expect(chat.pages(place)[0]).toBe(`${shown.replace(/ …$/u, " ")}\n\n${STOPPED}`);
    expect(outcomes()).toEqual(["stopped"]);
    expect(telnyx.asked).toHaveLength(2);
  });

  it("ends the search for a lost answer", async () => {
    const { bench, begin, press } = kit();
    const { clock, telnyx, chat } = bench;
    telnyx.model(async function* () {
      yield { kind: "text", delta: "Once upon" };
      await clock.sleep(1_000);
      yield { kind: "failed", reason: "cut", detail: "", reached: "unknown" };
    });
    const place = await begin();
    await press(place);
    await clock.advance(100);
    expect(chat.pages(place)).toEqual([`Once upon\n\n${STOPPED}`]);
  });

  it("ends the questions to Telnyx that come before the model", async () => {
    const { bench, endless, begin, button, press } = kit();
    const { chat, clock, telnyx } = bench;
    endless();
    const place = await begin();
    const pressed = button(place);
    await bench.crash();
    await clock.advance(3_000);
    await press(place, pressed);
    await clock.advance(100);
    expect(chat.pages(place)[0]).toContain(STOPPED);
    expect(telnyx.asked).toHaveLength(1);
  });
});
