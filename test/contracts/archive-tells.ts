import { describe, expect, it } from "vitest";
import type { Search } from "../../src/store/archive.ts";
import { CHANNELS, play, type Step, USERS } from "./archive-world.ts";
import { messageIn, type OpenBench, type StoreBench } from "./store-bench.ts";

const SAID: Step = {
  place: 0,
  user: 0,
  called: 0,
  named: 0,
  kind: "public",
  says: 0,
  ends: "done",
  anew: false,
  refresh: false,
};

async function found({ archive }: StoreBench) {
  const search: Search = {
    where: { kind: "all", of: [] },
    sort: { by: "started", direction: "asc" },
    limit: 9,
  };
  return {
    turns: (await archive.turns(search)).rows,
    conversations: (await archive.conversations(search)).rows,
  };
}

/** What every implementation of the archive tells of conversations besides what is found. */
export function archiveTellsContract(engine: string, open: OpenBench): void {
  describe(`the archive on ${engine}`, () => {
    it("tells in sums by channel what it is called, or whose direct message it is, and its kind", async () => {
      const bench = await open();
      try {
        const said = { ...SAID, place: 1, named: 1 };
        await play(bench, [said, { ...said, place: 2, kind: "dm", user: 2, called: 2 }]);
        const groupings = [{ by: "channel" }, { by: "user" }] as const;
        const [sums = [], others = []] = await bench.archive.sums({ kind: "all", of: [] }, groupings);
        expect(sums.map(({ key, name, kind }) => [key, name, kind])).toEqual([
          ["C1", CHANNELS[1], "public"],
          ["C2", USERS[2], "dm"],
        ]);
        expect(others[0]).not.toHaveProperty("kind");
      } finally {
        await bench.close();
      }
    });

    it("begins a conversation with the first question that was not forgotten, and has no message of one that was", async () => {
      const bench = await open();
      try {
        await play(bench, [SAID, { ...SAID, says: 1, user: 1 }]);
        const { turns, conversations } = await found(bench);
        const [first, second] = turns;
        if (!first || !second) throw new Error("two turns");
        expect(await bench.archive.message(first.id)).toMatchObject({ text: "A refund, please" });
        const { place, generation } = first;
        const wish = await bench.erasure.wish({
          conversation: { place, generation },
          person: { id: "U0", names: [] },
        });
        if (wish === "held") throw new Error("held");
        await bench.erasure.erase(wish);
        await bench.archive.refresh();
        expect(await bench.archive.openings(conversations)).toEqual([
          { place, generation, turn: second.id, question: "please refund the refund" },
        ]);
        expect(await bench.archive.message(first.id)).toBeUndefined();
        expect(await bench.archive.message(second.id)).toMatchObject({ text: "please refund the refund" });
        expect(await bench.archive.openings([])).toEqual([]);
      } finally {
        await bench.close();
      }
    });

    it("has a question exactly as it was asked, whatever is in it", async () => {
      const bench = await open();
      try {
        const said = messageIn("chat:odd", "odd");
        const odd = { ...said, text: `${said.text} \\u0000 \ud83d "}],{"text":"no" \udd8a\r\t\b \u0000` };
        const mailbox = bench.mailbox("a");
        const added = await mailbox.add(odd, true);
        if (added.kind === "seen") throw new Error("it was not taken");
        const contents = await bench.archive.contents([added.turn]);
        expect(contents).toEqual([{ turn: added.turn, question: odd.text }]);
      } finally {
        await bench.close();
      }
    });
  });
}
