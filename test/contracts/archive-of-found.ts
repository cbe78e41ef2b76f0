import { expect } from "vitest";
import type { Archive, NameField, Search } from "../../src/store/archive.ts";
import { fold } from "../../src/store/words.ts";
import { conversationsOf, type KnownConversation, namesOf } from "./archive-naive.ts";
import { heardKey, type Known, type KnownTurn } from "./archive-world.ts";

/** What a plain look at every row finds. */
export interface Naive {
  readonly known: Known;
  readonly conversations: readonly KnownConversation[];
  readonly turns: readonly KnownTurn[];
  /** Goes on with every question: names cost more than all else here, so of each question three kinds are asked for, in turn. */
  readonly asked: number;
}

const key = (of: { place: string; generation: number }) => `${of.place} ${of.generation}`;
const byTime = (a: KnownTurn, b: KnownTurn) => a.at - b.at || a.id - b.id;

const NAMED: readonly NameField[] = ["user", "channel", "topic", "workspace", "thread"];
const BEGINNINGS = NAMED.flatMap((field) => ["", "A"].map((prefix) => ({ field, prefix })));
const EVER = { kind: "name", tense: "ever", match: "prefix", value: "" } as const;

/** What is asked of conversations that were found agrees with it: of all there are, newest place first, and of one that there is not. */
export async function agreeOfFound(archive: Archive, { where, limit }: Search, naive: Naive): Promise<void> {
  const all = conversationsOf(naive.known).toSorted((a, b) => (key(a) < key(b) ? 1 : -1));
  const [first] = all;
  const asked = [...all, ...(first ? [{ ...first, generation: 99 }] : [])];
  const meeting = await archive.meeting(asked, where);
  expect(meeting.map(key).toSorted()).toEqual(naive.conversations.map(key).toSorted());

  const meets = new Set(naive.turns.map(({ id }) => id));
  const wanted = all.flatMap(({ turns }) => turns.toSorted(byTime).filter(({ id }) => meets.has(id)));
  const pages = await Array.fromAsync(archive.turnsIn(asked, { where, limit }));
  expect(pages.flat().map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
  for (const page of pages) expect([page.length > 0, page.length <= limit]).toEqual([true, true]);

  for (const step of [0, 1, 2]) {
    const { field, prefix } = BEGINNINGS[(naive.asked + step) % BEGINNINGS.length]!;
    const names = await archive.names(field, prefix, where, 99);
    const borne = naive.conversations.flatMap((of) =>
      [...of.turns, undefined].flatMap((turn) => namesOf(naive.known, { ...EVER, field }, of, turn) ?? []),
    );
    expect(names.map(fold).toSorted(), field).toEqual(
      [...new Set(borne)].filter((name) => name.startsWith(fold(prefix))).toSorted(),
    );
  }

  const whoIn = (of: Pick<KnownConversation, "turns" | "place" | "generation">) => [
    ...new Set([...of.turns.map(({ userId }) => userId), ...(naive.known.heard.get(heardKey(of)) ?? [])]),
  ];
  const people = await archive.peopleIn(asked);
  expect(people.map((some) => some.map(({ id }) => id).toSorted())).toEqual(
    asked.map(({ turns, place, generation }) =>
      generation === 99 ? [] : whoIn({ turns, place, generation }).toSorted(),
    ),
  );
  for (const [at, { turns, generation }] of asked.entries())
    for (const { userId, userName } of generation === 99 ? [] : turns)
      expect(people[at]?.find(({ id }) => id === userId)?.names).toContain(userName);
}
