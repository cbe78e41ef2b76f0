import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MessageId, Place } from "../../src/chat/place.ts";
import type { Button, Listener, Page, Platform, Press } from "../../src/chat/platform.ts";
import { draft, final, postKey } from "./platform-bench.ts";
import { until } from "../eventually.ts";

/** What the suite needs of the platform's side. */
export interface PressHarness {
  /** Each call is another process of the same bot. The suite stops what it starts. */
  create(): Platform;
  openPlace(): Promise<Place>;
  /** The page as it is shown: its text, and the labels of its buttons. */
  shown(place: Place, id: MessageId): { readonly text: string; readonly labels: readonly string[] };
  /** A person presses a button. Resolves with whether the platform was told in time that this arrived. */
  press(place: Place, id: MessageId, label: string): Promise<boolean>;
  readonly person: { readonly id: string; readonly name: string };
  /** What that person alone was told. */
  told(): readonly { readonly place: Place; readonly text: string }[];
  /** Whoever was notified by anything that the bot did. */
  notified(): readonly string[];
  close(): Promise<void>;
}

const stop: Button = { action: "stop", label: "Stop", turn: 7 };
const answer: Button = { action: "answer", label: "Answer now", turn: 8_000_000_001 };
const withButtons = (text: string, ...buttons: Button[]): Page => ({ ...draft(text), buttons });

/** The duties of `Page.buttons` and `Listener.press`, for every adapter and for the fake. */
export function describePresses(name: string, open: () => Promise<PressHarness>): void {
  describe(`presses contract: ${name}`, () => {
    let harness: PressHarness;
    let platform: Platform;
    let place: Place;
    let pressed: Press[];
    let onPress: Listener["press"];
    beforeEach(async () => {
      harness = await open();
      pressed = [];
      onPress = async () => undefined;
      platform = harness.create();
      await platform.start({
        receive: async () => {},
        changed: () => {},
        command: async () => "",
        press: (press) => {
          pressed.push(press);
          return onPress(press);
        },
      });
      place = await harness.openPlace();
    });
    afterEach(async () => {
      await platform.stop();
      await harness.close();
    });
    const post = (page: Page) => platform.post(place, page, postKey(0));
    const labels = (id: MessageId) => harness.shown(place, id).labels;

    test("a page shows the buttons it has now, and its text is the same with them", async () => {
      const id = await post(withButtons("Some text …", stop));
      expect(harness.shown(place, id)).toEqual({ text: "Some text …", labels: ["Stop"] });
      await platform.edit(place, id, withButtons("Some text, and more …", stop));
      expect(harness.shown(place, id)).toEqual({ text: "Some text, and more …", labels: ["Stop"] });
      await platform.edit(place, id, withButtons("Some text, and more …", answer));
      expect(labels(id)).toEqual(["Answer now"]);
      await platform.edit(place, id, final("Some text, and more."));
      expect(harness.shown(place, id)).toEqual({ text: "Some text, and more.", labels: [] });
      await platform.edit(place, id, withButtons("Late again", stop));
      expect(labels(id)).toEqual(["Stop"]);
    });

    test("a draft without buttons takes them away as well", async () => {
      const id = await post(withButtons("One", stop));
      await platform.edit(place, id, draft("One, two"));
      expect(labels(id)).toEqual([]);
    });

    test("a page of full length has room for a button", async () => {
      for (const [index, unit] of ["x", "😀", "&", "`"].entries()) {
        const text = unit.repeat(platform.limits.pageLength / unit.length);
        const at = await harness.openPlace();
        const id = await platform.post(at, withButtons(text, answer), postKey(index));
        await platform.edit(at, id, withButtons(`.${text.slice(unit.length)}`, stop));
        expect(harness.shown(at, id).labels).toEqual(["Stop"]);
      }
    });

    test.each([stop, answer])("tells what was pressed, where and by whom ($label)", async (button) => {
      const id = await post(withButtons("Some text …", button));
      expect(await harness.press(place, id, button.label)).toBe(true);
      const { action, turn } = button;
      const by = { ...harness.person, kind: "person" };
      expect(pressed).toEqual([{ platform: platform.name, place, action, turn, by }]);
      expect(harness.told()).toEqual([]);
    });

    test("is acknowledged when the press is stored, and not before", async () => {
      const stored = Promise.withResolvers<undefined>();
      onPress = () => stored.promise;
      const id = await post(withButtons("Some text …", stop));
      let taken: boolean | undefined;
      const press = harness.press(place, id, "Stop").then((isTaken) => (taken = isTaken));
      await until("it was pressed", () => pressed.length === 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(taken).toBeUndefined();
      stored.resolve(undefined);
      expect(await press).toBe(true);
    });

    test("is not acknowledged when it could not be stored, and the next one is", async () => {
      onPress = () => Promise.reject(new Error("the disk is full"));
      const id = await post(withButtons("Some text …", stop));
      expect(await harness.press(place, id, "Stop")).toBe(false);
      onPress = async () => undefined;
      expect(await harness.press(place, id, "Stop")).toBe(true);
      expect(pressed).toHaveLength(2);
      expect(harness.told()).toEqual([]);
    });

    test("answers who pressed, in the place and nobody else", async () => {
      onPress = async () => "There is nothing to stop, @everyone <!channel>.";
      const id = await post(withButtons("Some text …", stop));
      expect(await harness.press(place, id, "Stop")).toBe(true);
      await until("they were told", () => harness.told().length > 0);
      expect(harness.told()).toMatchObject([{ place }]);
      expect(harness.told()[0]?.text).toContain("There is nothing to stop");
      expect(harness.shown(place, id).labels).toEqual(["Stop"]);
      expect(harness.notified()).toEqual([]);
    });

    test("a stop takes no more, and what was pressed before is acknowledged", async () => {
      const stored = Promise.withResolvers<undefined>();
      const later = () => new Promise((resolve) => setTimeout(resolve, 50));
      onPress = () => stored.promise;
      const id = await post(withButtons("Some text …", stop));
      const press = harness.press(place, id, "Stop");
      await until("it was pressed", () => pressed.length === 1);
      const stopping = platform.stop();
      await later();
      void harness.press(place, id, "Stop");
      await later();
      expect(pressed).toHaveLength(1);
      stored.resolve(undefined);
      await stopping;
      expect(await press).toBe(true);
    });
  });
}
