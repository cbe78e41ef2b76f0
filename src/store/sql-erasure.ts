import type { Message } from "../chat/message.ts";
import type { Place, Whereabouts } from "../chat/place.ts";
import type { Clock } from "../clock.ts";
import type { ArchiveDialect } from "./archive-dialect.ts";
import type { Row, Steps } from "./dialect.ts";
import { type ErasureStatements, erasureStatements } from "./erasure-sql.ts";
import type { Asking, Erased, Erasure, Wish, WishStep } from "./erasure.ts";
import { indexBatch, type Indexing, indexingIn } from "./index/indexer.ts";
import { storableJson } from "./json.ts";
import {
  errorLeft,
  metadataLeft,
  outsideGroup,
  tombstoneOf,
  whereLeft,
  withoutPeople,
  withoutStarter,
} from "./tombstone.ts";

/** So many turns are erased in one transaction. */
const BATCH = 200;
/** For a wish that means all turns. */
const EVER = Number.MAX_SAFE_INTEGER;

/** Forgetting, over either dialect. */
export function createErasure(dialect: ArchiveDialect, clock: Clock): Erasure {
  const sql = erasureStatements(dialect);
  const { tx, read } = dialect;
  const eraser: Eraser = { dialect, sql, index: indexingIn(dialect), clock };
  return {
    wish: (asked) => tx(() => wish(sql, asked, clock.now())),
    due: async (now, limit) => (await read(sql.due(now, limit))).map(toWish),
    erase: async (asked) => {
      for (let turns = 0; ;) {
        const erased = await tx(() => erase(eraser, asked.id));
        if (erased.kind !== "more")
          return erased.kind === "erased" ? { ...erased, turns: turns + erased.turns } : erased;
        turns += erased.turns;
      }
    },
    clean: () => dialect.clean(),
    cleaned: ({ id }) => tx(() => only(sql.step(id, "there"))),
    later: ({ id }, at) => tx(() => only(sql.later(id, at))),
    done: (asked) => tx(() => done(sql, asked)),
    hold: (keys, by, held) =>
      tx(function* () {
        yield* sql.inLine;
        const rows = keys.map(({ place, generation }) => ({ place, generation, at: clock.now(), by }));
        yield held ? sql.hold(rows) : sql.release(rows);
      }),
  };
}

function* only(statement: ReturnType<ErasureStatements["drop"]>): Steps<void> {
  yield statement;
}

function* wish(sql: ErasureStatements, asked: Asking, now: number): Steps<Wish | "held"> {
  const { conversation, person, before = EVER } = asked;
  const { place, generation } = conversation;
  yield* sql.inLine;
  const [held] = yield sql.held(place, generation);
  if (held) return "held";
  yield sql.wish(place, generation, person?.id ?? "", storableJson(person?.names ?? []), before, now);
  yield sql.end(place, generation, now);
  const [stored] = yield sql.wishOf(place, generation, person?.id ?? "");
  if (!stored) throw new Error("a wish that was stored is there");
  return toWish(stored);
}

function* done(sql: ErasureStatements, { id, conversation }: Wish): Steps<void> {
  yield* sql.inLine;
  // Somebody may have wished for more in the meantime.
  const [now] = yield sql.wishNow(id);
  if (now?.["step"] !== "there") return;
  yield sql.unlink(conversation.place, conversation.generation);
  yield sql.drop(id);
}

function toWish(row: Row): Wish {
  const { person, telnyx_id: telnyxId } = row;
  const before = Number(row["before"]);
  return {
    id: Number(row["id"]),
    conversation: { place: row["place"] as Place, generation: Number(row["generation"]) },
    step: row["step"] as WishStep,
    tries: Number(row["tries"]),
    opened: row["opened"] !== null,
    ...(person !== "" && {
      person: { id: String(person), names: JSON.parse(String(row["names"])) as string[] },
    }),
    ...(before !== EVER && { before }),
    ...(telnyxId !== null && { telnyxId: String(telnyxId) }),
  };
}

interface Eraser {
  readonly dialect: ArchiveDialect;
  readonly sql: ErasureStatements;
  readonly index: Indexing;
  readonly clock: Clock;
}

function* erase(
  eraser: Eraser,
  id: number,
): Steps<Erased | { readonly kind: "more"; readonly turns: number }> {
  const { sql } = eraser;
  yield* sql.inLine;
  const [stored] = yield sql.wishNow(id);
  if (!stored) return { kind: "gone" };
  const asked = toWish(stored);
  const { place, generation } = asked.conversation;
  const [held] = yield sql.held(place, generation);
  if (held) {
    yield sql.drop(id);
    return { kind: "held" };
  }
  if (asked.step !== "here") return { kind: "erased", turns: 0, heard: 0 };
  const [open] = yield sql.open(place, generation);
  if (open) return { kind: "open" };
  yield* indexAll(eraser);
  const [known] = yield sql.conversation(place, generation);
  const number = known ? Number(known["id"]) : 0;
  const rows = yield sql.meant(number, asked.person?.id ?? "", asked.before ?? EVER, BATCH);
  if (rows.length > 0) yield* eraseTurns(eraser, rows);
  if (rows.length === BATCH) return { kind: "more", turns: rows.length };
  yield* eraseNames(eraser, asked, number);
  const heard = yield* eraseHeard(eraser, asked, number);
  yield sql.step(id, "files");
  return { kind: "erased", turns: rows.length, heard };
}

/** The index as it is told by the tables: what is erased is found by it, and is gone from it in the same transaction. */
function* indexAll({ index }: Eraser): Steps<void> {
  for (;;) {
    const { full } = yield* indexBatch(index, BATCH);
    if (!full) return;
  }
}

function* eraseTurns(eraser: Eraser, rows: readonly Row[]): Steps<void> {
  const { sql, clock } = eraser;
  const at = clock.now();
  yield sql.erase(
    rows.map((row) => ({
      id: Number(row["id"]),
      message: storableJson(tombstoneOf(JSON.parse(String(row["message"])) as Message)),
      error: errorLeft(row["error"] === null ? null : String(row["error"])),
      at,
    })),
  );
  yield* indexAll(eraser);
  const persons = numbersIn(rows, "person");
  yield sql.personNames(persons);
  yield sql.persons(persons);
  yield sql.newestNames(persons);
  yield sql.userNames(numbersIn(rows, "user_name"));
}

const numbersIn = (rows: readonly Row[], column: string) => [
  ...new Set(rows.map((row) => Number(row[column]))),
];

/** What of a conversation and its place tells who spoke and what about: all of it where nothing is left of it, else who is to be forgotten. */
function* eraseNames(eraser: Eraser, { conversation, person }: Wish, number: number): Steps<void> {
  const { sql } = eraser;
  const { place, generation } = conversation;
  const [left] = yield sql.left(number);
  const [starter] = left && !person ? [] : yield sql.starter(number, left ? (person?.id ?? "") : "");
  const [row] = yield sql.metadata(place, generation);
  const metadata = JSON.parse(String(row?.["metadata"] ?? "{}")) as Record<string, string>;
  const [group] = person ? yield sql.group(place) : [];
  if (row && (!left || starter || group)) {
    const named = starter ? withoutStarter(metadata) : metadata;
    const kept = left ? (group ? withoutPeople(named) : named) : metadataLeft(metadata);
    yield sql.putMetadata(place, generation, storableJson(kept));
  }
  const [leftInPlace] = yield sql.leftInPlace(place);
  // A group is called by the people in it, and so by this person: its next message tells its name anew.
  if (group) yield* eraseGroup(eraser, place);
  if (!leftInPlace || group) yield* erasePlace(eraser, place);
  yield* indexAll(eraser);
}

/**
 * Whose messages the conversation was given: all of them where no turn is left, since nothing asks for them any more. Returns how many were to be
 * forgotten: of a person, theirs alone.
 */
function* eraseHeard(
  { sql }: Eraser,
  { conversation, person, before = EVER }: Wish,
  number: number,
): Steps<number> {
  const { place, generation } = conversation;
  const [left] = yield sql.left(number);
  const meant = yield sql.heard(place, generation, person?.id ?? "", before);
  const others = left ? [] : yield sql.heard(place, generation, "", EVER);
  return meant.length + (person ? 0 : others.length);
}

/** The place's turns without the name of the group that they were asked in. */
function* eraseGroup({ sql }: Eraser, place: Place): Steps<void> {
  const rows = yield sql.messages(place);
  yield sql.putMessages(
    rows.map(({ id, message }) => ({
      id: Number(id),
      message: storableJson(outsideGroup(JSON.parse(String(message)) as Message)),
    })),
  );
}

/** Nothing is left of any of the place's conversations. */
function* erasePlace({ sql }: Eraser, place: Place): Steps<void> {
  const rows = yield sql.whereabouts(place);
  let kind: Whereabouts["channelKind"] | undefined;
  for (const row of rows) {
    const where = JSON.parse(String(row["facts"])) as Whereabouts;
    kind = where.channelKind;
    yield sql.putWhereabouts(place, Number(row["since"]), storableJson(whereLeft(where)));
  }
  const fields = kind === "dm" || kind === "group_dm" ? ["thread", "channel", "topic"] : ["thread"];
  const names = (yield sql.placeNames(place, JSON.stringify(fields))).map(({ id }) => Number(id));
  yield sql.dropPlaceNames(place, JSON.stringify(names));
  yield sql.names(names);
}
