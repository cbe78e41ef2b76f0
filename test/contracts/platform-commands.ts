import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Command } from "../../src/chat/command.ts";
import type { Place } from "../../src/chat/place.ts";
import type { Listener, Platform } from "../../src/chat/platform.ts";
import { until } from "../eventually.ts";

/** What the suite needs of the platform's side. */
export interface CommandHarness {
  create(): Platform;
  /** Where commands are given, in a workspace. */
  readonly place: Place;
  readonly workspaceId: string;
  readonly person: { readonly id: string; readonly name: string };
  /** Somebody who runs the workspace. */
  readonly admin: { readonly id: string };
  /** `/patchcord` and these words. Resolves with whether the platform was told in time that it arrived. */
  give(by: string, words: string): Promise<boolean>;
  /** What each person alone was told, in order. */
  told(): readonly { readonly to: string; readonly text: string }[];
  /** What everybody sees in the place. */
  shown(): readonly string[];
  notified(): readonly string[];
  /** The next answer is lost, or the platform is out of order for a moment. */
  failNextAnswer(): void;
  close(): Promise<void>;
}

/** The duties of `Listener.command`, for every adapter. */
export function describeCommands(name: string, open: () => Promise<CommandHarness>): void {
  describe(`commands contract: ${name}`, () => {
    let harness: CommandHarness;
    let platform: Platform;
    let given: Command[];
    let onCommand: Listener["command"];
    beforeEach(async () => {
      harness = await open();
      given = [];
      onCommand = async () => "An answer.";
      platform = harness.create();
      await platform.start({
        receive: async () => {},
        press: async () => undefined,
        changed: () => {},
        command: (command) => {
          given.push(command);
          return onCommand(command);
        },
      });
    });
    afterEach(async () => {
      await platform.stop();
      await harness.close();
    });
    const answered = () => until("it was answered", () => harness.told().length > 0);

    test("says who gave it, where, and in which words", async () => {
      const { place, workspaceId, person } = harness;
      expect(await harness.give(person.id, 'conversations  topic:"a b"')).toBe(true);
      await answered();
      const by = { ...person, kind: "person" };
      expect(given).toMatchObject([
        { platform: platform.name, place, workspaceId, by, words: 'conversations  topic:"a b"' },
      ]);
    });

    test("is answered to that person alone, inert, and leaves nothing in the place", async () => {
      const before = harness.shown();
      onCommand = async () => "**Found** @everyone <!channel> <@U0000000A>";
      await harness.give(harness.person.id, "help");
      await answered();
      expect(harness.told()).toMatchObject([{ to: harness.person.id }]);
      expect(harness.told()[0]?.text).toContain("**Found**");
      expect(harness.shown()).toEqual(before);
      expect(harness.notified()).toEqual([]);
    });

    test("is acknowledged at once, however long the answer takes", async () => {
      const answer = Promise.withResolvers<string>();
      onCommand = () => answer.promise;
      expect(await harness.give(harness.person.id, "")).toBe(true);
      expect(harness.told()).toEqual([]);
      answer.resolve("Here it is.");
      await answered();
      expect(harness.told()[0]?.text).toBe("Here it is.");
    });

    test("can be answered by a page of full length", async () => {
      const text = "x".repeat(platform.limits.pageLength);
      onCommand = async () => text;
      await harness.give(harness.person.id, "help");
      await answered();
      expect(harness.told()[0]?.text).toBe(text);
    });

    test("tells who runs the workspace", async () => {
      const { admin, person } = harness;
      onCommand = async ({ manages }) => ((await manages()) ? "runs it" : "does not");
      for (const { id } of [admin, person]) await harness.give(id, "help");
      await until("both were answered", () => harness.told().length === 2);
      expect(new Map(harness.told().map(({ to, text }) => [to, text]))).toEqual(
        new Map([
          [admin.id, "runs it"],
          [person.id, "does not"],
        ]),
      );
    });

    test("is answered although the platform stumbled", async () => {
      harness.failNextAnswer();
      await harness.give(harness.person.id, "help");
      await answered();
      expect(harness.told()[0]?.text).toBe("An answer.");
    });

    test("a stop waits for the answer to what was given before, and takes no more", async () => {
      const answer = Promise.withResolvers<string>();
      onCommand = () => answer.promise;
      await harness.give(harness.person.id, "help");
      await until("it was given", () => given.length === 1);
      const stopping = platform.stop();
      void harness.give(harness.person.id, "again").catch(() => undefined);
      answer.resolve("Still answered.");
      await stopping;
      expect(harness.told().map(({ text }) => text)).toEqual(["Still answered."]);
      expect(given).toHaveLength(1);
    });
  });
}
