import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import type { Button } from "../../src/chat/platform.ts";
import type { Stored } from "../fakes/chat.ts";
import { type Bench, openBench } from "./harness.ts";

export const STOPPED = "_The answer stops here: I was stopped._";

/** A bench on a file for each test, and what presses are tried with. Nothing may be left over at a test's end. */
export interface PressKit {
  readonly bench: Bench;
  /** The model writes words for ever, one in 300 ms. */
  readonly endless: () => void;
  /** The model says "Half", and the rest a second later. */
  readonly inHalves: () => void;
  /** Asks, and lets the reply begin. */
  readonly begin: () => Promise<Place>;
  /** The bot's pages in the place. */
  readonly own: (place: Place) => readonly Stored[];
  /** The only button in the place. */
  readonly button: (place: Place) => Button;
  /** Somebody presses it. */
  readonly press: (place: Place, button?: Button) => Promise<string | undefined>;
  /** How turns were settled, in order. */
  readonly outcomes: () => readonly string[];
}

export function usePressKit(): () => PressKit {
  let folder: string;
  let bench: Bench;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "patchcord-"));
    bench = await openBench({ path: join(folder, "test.db"), pageLength: 300 });
  });
  afterEach(async () => {
    expect(bench.chat.violations).toEqual([]);
    expect(bench.chat.indicating.size).toBe(0);
    await bench.close();
    // What the model of a process that is dead waits for.
    await bench.clock.advance(1_000);
    expect(bench.clock.sleeping()).toBe(0);
    rmSync(folder, { recursive: true });
  });
  const own = (place: Place) =>
    bench.chat.stored(place).filter(({ message }) => message.author.kind === "self");
  const button = (place: Place) => {
    const buttons = own(place).flatMap((page) => page.buttons);
    expect(buttons).toHaveLength(1);
    return buttons[0]!;
  };
  return () => ({
    bench,
    endless: () =>
      bench.telnyx.model(async function* () {
        for (let word = 1; ; word += 1) {
          yield { kind: "text", delta: `word${word} ` };
          await bench.clock.sleep(300);
        }
      }),
    inHalves: () =>
      bench.telnyx.model(async function* () {
        yield { kind: "text", delta: "Half" };
        await bench.clock.sleep(1_000);
        yield { kind: "text", delta: " and half." };
        yield { kind: "done" };
      }),
    begin: async () => {
      const place = bench.chat.openPlace();
      await bench.chat.say(place, "count");
      await bench.clock.advance(2_000);
      return place;
    },
    own,
    button,
    press: (place, pressed = button(place)) => bench.chat.press(place, pressed.action, pressed.turn),
    outcomes: () => bench.lines.flatMap((line) => (JSON.parse(line) as { outcome?: string }).outcome ?? []),
  });
}
