import type { Place, Whereabouts } from "../../chat/place.ts";
import type { Row } from "../dialect.ts";
import { type Flat, keptName, type Named, namesOf, whereaboutsIn } from "./facts.ts";

/** PURE: what the index keeps of conversations, from what is stored of their places. */

/** What is stored of the places that a batch touches. */
export interface PlaceRows {
  /** By place, then by time. */
  readonly whereabouts: readonly Row[];
  readonly conversations: readonly Row[];
  /** What the index has of them already. */
  readonly known: readonly Row[];
  readonly turns: readonly Flat[];
}

export interface PlaceDraft {
  readonly place: Place;
  readonly generation: number;
  /** Absent: it is new to the index. */
  readonly id?: number;
  readonly platform: string;
  readonly startedById: string;
  readonly startedByName: string;
  readonly startedAt: number;
  readonly telnyxId: string | null;
  readonly where: Whereabouts;
  /** Its names since it was started. `until` is null for those that it has now. */
  readonly names: readonly (Named & { readonly since: number; readonly until: number | null })[];
  /** Since when it is called as it is now. */
  readonly since: number;
}

/** Every conversation of these places of which enough is known to say where it is. */
export function draftsOf(rows: PlaceRows): PlaceDraft[] {
  const keys = new Map<string, { place: Place; generation: number }>();
  for (const { place, generation } of [...rows.turns, ...[...rows.conversations, ...rows.known].map(keyIn)])
    keys.set(keyOf(place, generation), { place, generation });
  const sources = sourcesOf(rows);
  return [...keys.values()].flatMap((key) => draftOf(key, sources) ?? []);
}

export const keyOf = (place: string, generation: number) => `${generation} ${place}`;
const keyIn = (row: Row) => ({ place: row["place"] as Place, generation: Number(row["generation"]) });

type Sources = ReturnType<typeof sourcesOf>;

function sourcesOf({ whereabouts, conversations, known, turns }: PlaceRows) {
  const byKey = (all: readonly Row[]) =>
    new Map(all.map((row) => [keyOf(String(row["place"]), Number(row["generation"])), row]));
  // The first of a conversation's turns started it.
  const first = new Map(turns.toReversed().map((turn) => [keyOf(turn.place, turn.generation), turn]));
  return {
    histories: Map.groupBy(whereabouts, (row) => String(row["place"])),
    conversations: byKey(conversations),
    known: byKey(known),
    first,
  };
}

function draftOf(
  key: { readonly place: Place; readonly generation: number },
  { histories, conversations, known, first }: Sources,
): PlaceDraft | undefined {
  const name = keyOf(key.place, key.generation);
  const [row, before, turn] = [conversations.get(name), known.get(name), first.get(name)];
  const metadata = row ? (JSON.parse(String(row["metadata"])) as Record<string, string>) : {};
  const started = Number(before?.["started_at"] ?? turn?.at ?? row?.["created_at"]);
  const noted = (histories.get(key.place) ?? []).map((one) => ({
    since: Number(one["since"]),
    where: JSON.parse(String(one["facts"])) as Whereabouts,
  }));
  const otherwise = whereaboutsIn(metadata) ?? turn?.where;
  const history = noted.length === 0 && otherwise ? [{ since: started, where: otherwise }] : noted;
  const last = history.at(-1);
  if (!last) return undefined;
  return {
    ...key,
    ...(before && { id: Number(before["id"]) }),
    platform: metadata["platform"] ?? turn?.platform ?? "",
    startedById: metadata["started_by_id"] ?? turn?.userId ?? "",
    startedByName: keptName(metadata["started_by_name"] ?? turn?.userName ?? ""),
    startedAt: started,
    telnyxId: row?.["telnyx_id"] === undefined || row["telnyx_id"] === null ? null : String(row["telnyx_id"]),
    where: last.where,
    names: namesSince(started, history),
    since: last.since,
  };
}

type History = readonly { readonly since: number; readonly where: Whereabouts }[];

function namesSince(started: number, history: History): PlaceDraft["names"] {
  const names = new Map<string, PlaceDraft["names"][number]>();
  for (const [index, { since, where }] of history.entries()) {
    const until = history[index + 1]?.since ?? null;
    if (until !== null && until <= started) continue;
    for (const named of namesOf(where)) names.set(`${named.field} ${named.name}`, { ...named, since, until });
  }
  return [...names.values()];
}
