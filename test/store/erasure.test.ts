import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import { erasureContract } from "../contracts/erasure.ts";
import { addTaking, draft, messageIn } from "../contracts/store-bench.ts";
import { sqliteBench } from "./bench.ts";

erasureContract("SQLite", () => sqliteBench());

it("SQLite: what was forgotten is in none of the database's files", async () => {
  const folder = mkdtempSync(join(tmpdir(), "patchcord-erasure-"));
  const said = ["zebraquestion", "zebraanswer", "Zebrawood", "Okapi"];
  const inFiles = () => {
    const bytes = Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))));
    return said.filter((word) => bytes.includes(word));
  };
  try {
    const bench = sqliteBench(join(folder, "patchcord.db"));
    const mailbox = bench.mailbox("a");
    for (let index = 0; index < 40; index += 1) {
      const place = `p${index}`;
      const claim = await addTaking(mailbox, place, "1");
      await mailbox.next(claim, { turn: index + 1, kind: "done" });
    }
    const message = {
      ...messageIn("p", "m"),
      text: `zebraquestion ${"long ".repeat(3_000)}`,
      author: { id: "U7", name: "Zebrawood", kind: "person" as const },
    };
    const added = await mailbox.add(message, true);
    if (added.kind === "seen" || !added.claim) throw new Error("it was not taken");
    await mailbox.next(added.claim);
    await bench.store.openConversation(added.claim, draft(1));
    const heard = { ...messageIn("p", "h"), author: { id: "U8", name: "Okapi", kind: "person" as const } };
    await bench.store.markHeard(added.claim, 1, heard);
    for (const length of [10, 5_000]) {
      const text = `zebraanswer ${"word ".repeat(length)}`;
      await bench.store.markAnswered(added.claim, added.turn, { text, at: 1 });
    }
    await mailbox.next(added.claim, { turn: added.turn, kind: "done" });
    await bench.archive.refresh();
    expect(inFiles()).toEqual(said);
    const wish = await bench.erasure.wish({ conversation: { place: "p" as Place, generation: 1 } });
    if (wish === "held") throw new Error("held");
    expect(await bench.erasure.erase(wish)).toEqual({ kind: "erased", turns: 1, heard: 1 });
    await bench.erasure.clean();
    expect(inFiles()).toEqual([]);
    // Beginnings are written as what they have more than the one before. Those of what is forgotten are gone with the parts that they were in.
    for (const table of ["turn_words", "turn_beginnings"]) {
      const [parts] = await bench.query(`SELECT count(DISTINCT segid) AS count FROM ${table}_idx`);
      expect(parts, table).toEqual({ count: 1 });
    }
    expect(await bench.archive.refresh()).toBe(0);
    await bench.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
