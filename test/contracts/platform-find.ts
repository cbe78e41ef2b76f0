import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { links } from "../../src/app/links.ts";
import type { Message } from "../../src/chat/message.ts";
import type { MessageId, Place } from "../../src/chat/place.ts";
import type { Platform } from "../../src/chat/platform.ts";
import { refusal, type PlatformHarness } from "./platform-bench.ts";
import { until } from "../eventually.ts";

/** The duties of `Platform.find`, for every adapter that has it, together with its links. */
export function describeFind(name: string, open: () => Promise<PlatformHarness>): void {
  describe(`find contract: ${name}`, () => {
    let harness: PlatformHarness;
    let platform: Platform;
    let place: Place;
    let received: Message[];
    beforeEach(async () => {
      harness = await open();
      received = [];
      platform = harness.create();
      await platform.start({
        receive: async (message) => void received.push(message),
        press: async () => undefined,
        command: async () => "",
        changed: () => {},
      });
      place = await harness.openPlace();
    });
    afterEach(async () => {
      await platform.stop();
      await harness.close();
    });
    const heard = async (id: MessageId) => {
      await until("the message was heard", () => received.some((one) => one.id === id));
      return received.find((one) => one.id === id)!;
    };
    const linkTo = ({ place, id, where }: Message) =>
      links.linkTo(platform.name, { place, id, ...where }) ?? "no link";

    test("a link leads to the message as it was received, in a process that hears nothing", async () => {
      await harness.say(place, "before it");
      const message = await heard(await harness.say(place, "what is meant"));
      await harness.say(place, "after it");
      const other = harness.create();
      expect(await other.find!(linkTo(message))).toEqual({ message });
      await other.stop();
      expect(await platform.find!(linkTo(message))).toEqual({ message });
    });

    test("what is not there, and what is no link, is told in a sentence", async () => {
      const message = await heard(await harness.say(place, "hello"));
      const link = linkTo(message);
      const wrong = link.replace(/\d{6}(?=$|\?)/u, "000000");
      for (const nowhere of [wrong, "https://example.com/", "hello"])
        expect(await platform.find!(nowhere)).toEqual({
          missing: expect.stringMatching(/\w+ \w+ \w+/u) as string,
        });
    });

    test("a token that is refused is a refusal, and not a message that is not there", async () => {
      const message = await heard(await harness.say(place, "hello"));
      const refused = harness.createRefused();
      const { kind } = await refusal(refused.find!(linkTo(message)));
      expect(kind).toBe("unauthorized");
      await refused.stop();
    });
  });
}
