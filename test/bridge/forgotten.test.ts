import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import type { Opened } from "../../src/store/open.ts";
import type { FakeTelnyx } from "../fakes/telnyx.ts";
import { useBenches } from "./harness.ts";

const open = useBenches();
const folder = mkdtempSync(join(tmpdir(), "patchcord-forgotten-"));
afterAll(() => rmSync(folder, { recursive: true }));
const quiet = { call: { mentionsBot: false } };
const saidIn = (telnyx: FakeTelnyx, index: number) =>
  telnyx
    .messagesOf(telnyx.created[index]!.id)
    .map(({ text }) => text)
    .join("\n");

async function wish({ erasure }: Opened, place: Place) {
  const stored = await erasure.wish({ conversation: { place, generation: 1 } });
  if (stored === "held") throw new Error("held");
  return stored;
}

describe("a conversation that is to be forgotten", () => {
  it("is not gone on with: the next message opens another, which is given nothing of what was said before", async () => {
    const bench = await open();
    const { chat, telnyx, settle } = bench;
    const place = chat.openPlace();
    await chat.say(place, "zebra one", quiet);
    await chat.say(place, "zebra two");
    await settle(3_000);
    await chat.say(place, "zebra three", quiet);
    const { database } = bench.now();
    expect((await database.erasure.erase(await wish(database, place))).kind).toBe("erased");
    await bench.clock.advance(1_000);
    await chat.say(place, "the budget is 400", quiet);
    await chat.say(place, "what is the budget?");
    await settle(3_000);
    expect(telnyx.created).toHaveLength(2);
    expect(saidIn(telnyx, 1)).toContain("the budget is 400");
    expect(saidIn(telnyx, 1)).not.toContain("zebra");
    expect(telnyx.asked.at(-1)?.instructions).toBeDefined();
    expect(chat.pages(place).at(-1)).toContain("this is a new one");
  });

  it("is asked to its end by a question that was being answered in it, after a crash, too", async () => {
    const bench = await open({ path: join(folder, "patchcord.db") });
    const { chat, telnyx, settle } = bench;
    const place = chat.openPlace();
    telnyx.persistence = "input_first";
    telnyx.model(async function* () {
      yield { kind: "text", delta: "Half of " };
      await bench.clock.sleep(5_000);
      yield { kind: "text", delta: "it." };
      yield { kind: "done" };
    });
    await chat.say(place, "zebra");
    await settle(2_000);
    const { database } = bench.now();
    const asked = await wish(database, place);
    expect(await database.erasure.erase(asked)).toEqual({ kind: "open" });
    await bench.crash();
    await settle(60_000);
    expect(telnyx.created).toHaveLength(1);
    expect(await bench.now().database.erasure.erase(asked)).toEqual({
      kind: "erased",
      turns: 1,
      heard: 0,
    });
    expect(chat.pages(place).at(-1)).toContain("Half of it.");
  });

  it("does not answer its messages again, when they are delivered or found again", async () => {
    const bench = await open();
    const { chat, telnyx, settle } = bench;
    const place = chat.openPlace();
    const message = await chat.say(place, "zebra");
    await settle(3_000);
    const { database } = bench.now();
    await database.erasure.erase(await wish(database, place));
    await chat.deliver(message);
    await settle(3_000);
    expect(telnyx.asked).toHaveLength(1);
    expect(chat.pages(place)).toHaveLength(1);
  });
});
