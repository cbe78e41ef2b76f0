import { describe, expect, it } from "vitest";
import type { Condition, NameField } from "../../src/store/archive.ts";
import { fold, wordsOf } from "../../src/store/words.ts";
import { storableText } from "../../src/store/json.ts";
import { draft, messageIn, type OpenBench, type StoreBench } from "./store-bench.ts";

const NEWEST = { by: "active", direction: "desc" } as const;

/** What people write and call themselves where a database takes no NUL and no half characters. */
const ODD = {
  text: "before\u0000behind 50% half\uD83E snake_case \uDD8A end",
  user: "Zo\u0000e \uD83E_%",
  channel: "sup\u0000port\uD83E",
} as const;

async function said(bench: StoreBench): Promise<void> {
  const mailbox = bench.mailbox("a");
  const where = {
    workspaceId: "W",
    channelId: "C",
    channelKind: "public",
    channelName: ODD.channel,
  } as const;
  const author = { id: "U1", name: ODD.user, kind: "person" } as const;
  const message = { ...messageIn("chat:P0", "m1"), text: ODD.text, author, where };
  const added = await mailbox.add(message, true);
  if (added.kind === "seen" || !added.claim) throw new Error("it was not taken");
  await bench.store.noteWhereabouts(message.place, where, bench.now());
  const turn = await mailbox.next(added.claim);
  await bench.store.openConversation(added.claim, { ...draft(1), at: bench.now() });
  await bench.store.markCalling(added.claim, added.turn, { generation: 1, input: "x", at: bench.now() });
  await bench.store.markAnswered(added.claim, added.turn, { text: "an\u0000swer", at: bench.now() });
  await mailbox.next(added.claim, { turn: turn?.id ?? 0, kind: "done" });
  await bench.archive.refresh();
}

const name = (field: NameField, match: "equals" | "prefix" | "contains", value: string): Condition => ({
  kind: "name",
  field,
  tense: "ever",
  match,
  value: fold(value),
});
const text = (value: string, prefix = false): Condition => ({ kind: "text", words: wordsOf(value), prefix });

/** Signs that mean something to a database, and so many of each that whoever tries every way to meet them is busy for long. */
const BOMBS = [
  ...["%", "_", "*", "\\", "'", "$1", "\u0000", "\uD83E", "%_a"].map((sign) => sign.repeat(1_000)),
  "%",
  "\u{10FFFF}",
  "'; DROP TABLE turn; --",
];

function bombed(value: string): readonly Condition[] {
  return [
    ...(["equals", "prefix", "contains"] as const).map((match) => name("channel", match, value)),
    name("user", "contains", value),
    { kind: "word", field: "channelId", values: [value, `${value}${value}`] },
    { kind: "word", field: "userId", values: [value] },
    { kind: "word", field: "heardId", values: [value] },
    { kind: "part", field: "model", match: "contains", value },
    { kind: "part", field: "error", match: "prefix", value },
    text(`${value}z`, true),
    text(`before ${value}${"z".repeat(3_000)}`),
  ];
}

/** What an archive does with what is written to break it. */
export function archiveBadContract(engine: string, open: OpenBench): void {
  describe(`the archive on ${engine}, asked badly`, () => {
    const withOdd = (body: (bench: StoreBench) => Promise<void>) => async () => {
      const bench = await open();
      try {
        await said(bench);
        await body(bench);
      } finally {
        await bench.close();
      }
    };

    it(
      "finds what was said with a NUL and half a character, by its words, and by the names that have them",
      withOdd(async ({ archive }) => {
        const found = async (where: Condition) =>
          (await archive.turns({ where, sort: NEWEST, limit: 9 })).rows.length;
        const all = [
          text(ODD.text),
          text("before\u0000behind"),
          text("swer"),
          text("behi", true),
          text("case"),
          // As they are shown, and so copied.
          name("user", "equals", storableText(ODD.user)),
          name("user", "contains", "\uFFFDe"),
          name("user", "contains", "_%"),
          name("channel", "prefix", "sup\u0000"),
          name("channel", "equals", storableText(ODD.channel)),
        ];
        expect(await Promise.all(all.map(found))).toEqual(all.map(() => 1));
        expect(await archive.names("user", "zo\uFFFD", { kind: "all", of: [] }, 9)).toHaveLength(1);
        const none = [text("beforebehind"), name("user", "equals", "zoe"), name("channel", "contains", "%")];
        expect(await Promise.all(none.map(found))).toEqual(none.map(() => 0));
      }),
    );

    it(
      "takes signs that mean something to a database for themselves, however many",
      withOdd(async (bench) => {
        const { archive } = bench;
        for (const value of BOMBS) {
          for (const where of bombed(value)) {
            const search = { where, sort: NEWEST, limit: 9 };
            const [turns, conversations] = [await archive.turns(search), await archive.conversations(search)];
            expect(conversations.rows.length, JSON.stringify(where)).toBe(turns.rows.length);
          }
          const names = await archive.names("channel", value, { kind: "all", of: [] }, 9);
          // What is not seen is no beginning.
          expect(names.length).toBe(fold(value) === "" ? 1 : 0);
        }
        expect((await bench.query("SELECT id FROM turn")).length).toBe(1);
      }),
    );

    it(
      "refuses 10,000 terms and answers as many as it says, however they hang together",
      withOdd(async ({ archive }) => {
        const terms = (count: number): readonly Condition[] =>
          Array.from({ length: count }, (_, index) =>
            index % 2 === 0 ? text(`w${index}`) : name("channel", "contains", `c${index}`),
          );
        const deep = (count: number): Condition =>
          terms(count).reduce((inner, term) => ({ kind: "not", of: { kind: "any", of: [inner, term] } }));
        for (const kind of ["all", "any"] as const) {
          const too: Condition = { kind, of: terms(10_000) };
          const search = { where: too, sort: NEWEST, limit: 9 };
          const refused = { code: "query_too_large", message: expect.stringContaining("10001 parts") };
          await expect(archive.turns(search)).rejects.toMatchObject(refused);
          await expect(archive.conversations(search)).rejects.toMatchObject(refused);
          await expect(archive.sums(too, [{}])).rejects.toMatchObject(refused);
          await expect(archive.names("user", "", too, 9)).rejects.toMatchObject(refused);
          // Each name has to hold by itself; any of them is one list.
          const { rows } = await archive.turns({
            ...search,
            where: { kind, of: terms(kind === "all" ? 390 : 1_999) },
          });
          expect(rows).toEqual([]);
        }
        const names: Condition = { kind: "all", of: terms(402) };
        await expect(archive.turns({ where: names, sort: NEWEST, limit: 9 })).rejects.toMatchObject({
          code: "query_too_large",
          message: expect.stringContaining("202 different things"),
        });
        const { rows } = await archive.turns({ where: deep(200), sort: NEWEST, limit: 9 });
        expect(rows.length).toBeLessThan(2);
      }),
    );
  });
}
