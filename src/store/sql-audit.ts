import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import type { ArchiveDialect } from "./archive-dialect.ts";
import { commitmentTo, FIRST, flawIn, hashOf, type Link } from "./audit-chain.ts";
import type { Audit, AuditSearch, Entry, Head, NewEntry, Verdict } from "./audit.ts";
import { readPlace, writePlace } from "./cursor.ts";
import type { Row, Statement, Steps, Value } from "./dialect.ts";
import { storableText } from "./json.ts";

type AuditDialect = Pick<ArchiveDialect, "read" | "tx" | "texts" | "numbers" | "inLine">;

/** So many entries are read at once. */
const BATCH = 1_000;
/** As much of what was asked for is kept, in UTF-16 units. */
const LONGEST = 20_000;

const ALL =
  "SELECT seq, at, who, via, what, about, rows, commitment, previous, hash, salt, content FROM audit";
const say = (sql: string, ...values: Value[]): Statement => ({ sql, values });

/** The audit over either dialect. */
export function createAudit(dialect: AuditDialect, clock: Clock): Audit {
  return {
    append: (entry) => {
      const at = clock.now();
      const salt = randomBytes(16).toString("hex");
      return dialect.tx(() => append(dialect, { ...clean(entry), at, salt }));
    },
    list: (search) => list(dialect, search),
    verify: (head) => verify(dialect, head),
    erase: (tells, but) => erase(dialect, tells, but),
  };
}

/** As both databases keep it, so that what is hashed is what is read again. */
function clean({ who, via, what, about, rows, content }: NewEntry) {
  const kept = storableText(content.length > LONGEST ? `${content.slice(0, LONGEST)}…` : content);
  return { who: storableText(who), via, what, about: about ?? null, rows: rows ?? null, content: kept };
}

type Draft = ReturnType<typeof clean> & { readonly at: number; readonly salt: string };

function* append({ inLine }: AuditDialect, { content, salt, ...entry }: Draft): Steps<number> {
  if (inLine !== undefined) yield say(inLine);
  const [last] = yield say("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
  const seq = last ? Number(last["seq"]) + 1 : 1;
  const previous = last ? String(last["hash"]) : FIRST;
  const commitment = commitmentTo(content, salt);
  const { at, who, via, what, about, rows } = entry;
  const hash = hashOf({ ...entry, seq, commitment, previous });
  yield say(
    `INSERT INTO audit (seq, at, who, via, what, about, rows, commitment, previous, hash, salt, content)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    seq,
    at,
    who,
    via,
    what,
    about,
    rows,
    commitment,
    previous,
    hash,
    salt,
    content,
  );
  return seq;
}

async function list({ read, texts }: AuditDialect, search: AuditSearch) {
  const { who, what, since, after } = search;
  const limit = Math.max(1, Math.min(BATCH, Math.trunc(search.limit) || 1));
  const values: Value[] = [];
  const bind = (value: Value) => `$${values.push(value)}`;
  const where = [
    ...(after === undefined ? [] : [`seq < ${bind(readPlace(after, "audit"))}`]),
    ...(who === undefined ? [] : [`who = ${bind(who)}`]),
    ...(what === undefined ? [] : [`what IN ${texts(bind(JSON.stringify(what)))}`]),
    ...(since === undefined ? [] : [`at >= ${bind(since)}`]),
  ];
  const sql = `${ALL} WHERE ${["TRUE", ...where].join(" AND ")} ORDER BY seq DESC LIMIT ${bind(limit + 1)}`;
  const found = (await read({ sql, values })).map(linkOf);
  const rows = found.slice(0, limit).map(entryOf);
  const last = rows.at(-1);
  return { rows, ...(found.length > limit && last && { next: writePlace(last.seq, "audit") }) };
}

async function verify({ read }: AuditDialect, noted?: Head): Promise<Verdict> {
  let last: Head | undefined;
  let erased = 0;
  for (;;) {
    // From the least number that there may be: what was put before the first is found as well.
    const from = last?.seq ?? Number.MIN_SAFE_INTEGER;
    const rows = await read(say(`${ALL} WHERE seq > $1 ORDER BY seq LIMIT ${BATCH}`, from));
    for (const link of rows.map(linkOf)) {
      const why = flawIn(link, last);
      if (why !== undefined) return { kind: "broken", seq: (last?.seq ?? 0) + 1, why };
      last = { seq: link.seq, hash: link.hash };
      erased += Number(link.content === null);
      if (noted?.seq === link.seq && noted.hash !== link.hash)
        return { kind: "broken", seq: link.seq, why: "it is another than the one that was noted" };
    }
    if (rows.length < BATCH) break;
    // Others are let in between: it may take long.
    await setImmediate();
  }
  const entries = last?.seq ?? 0;
  if (noted && noted.seq > entries)
    return { kind: "broken", seq: entries + 1, why: "entries that there were are missing at the end" };
  return { kind: "whole", entries, erased, ...(last && { head: last }) };
}

/** By ranges of entries, each a transaction of its own: in a process that answers people, nothing else runs meanwhile. */
async function erase(dialect: AuditDialect, tells: Tells, but: readonly string[]): Promise<number> {
  const [newest] = await dialect.read(say("SELECT max(seq) AS seq FROM audit"));
  let erased = 0;
  for (let from = 1; from <= Number(newest?.["seq"] ?? 0); from += BATCH) {
    erased += await dialect.tx(() => eraseIn(dialect, [from, from + BATCH], { tells, but }));
    await setImmediate();
  }
  return erased;
}

type Tells = (content: string) => boolean;

function* eraseIn(
  { numbers }: AuditDialect,
  range: readonly [from: number, below: number],
  { tells, but }: { readonly tells: Tells; readonly but: readonly string[] },
): Steps<number> {
  const rows = yield say(
    "SELECT seq, what, content FROM audit WHERE seq >= $1 AND seq < $2 AND content IS NOT NULL",
    ...range,
  );
  const found = rows.filter((row) => !but.includes(String(row["what"])) && tells(String(row["content"])));
  const list = JSON.stringify(found.map((row) => Number(row["seq"])));
  if (found.length > 0)
    yield say(`UPDATE audit SET salt = NULL, content = NULL WHERE seq IN ${numbers("$1")}`, list);
  return found.length;
}

/** Where somebody wrote what is no number, what is read is none, and does not hash to what was. */
function linkOf(row: Row): Link {
  const text = (column: string) => String(row[column]);
  const number = (column: string) => (row[column] === null ? null : Number(row[column]));
  return {
    seq: Number(row["seq"]),
    at: Number(row["at"]),
    who: text("who"),
    via: text("via"),
    what: text("what"),
    about: number("about"),
    rows: number("rows"),
    commitment: text("commitment"),
    previous: text("previous"),
    hash: text("hash"),
    salt: row["salt"] === null ? null : text("salt"),
    content: row["content"] === null ? null : text("content"),
  };
}

function entryOf({ seq, at, who, via, what, about, rows, hash, content }: Link): Entry {
  return {
    seq,
    at,
    who,
    via,
    what,
    hash,
    ...(about !== null && { about }),
    ...(rows !== null && { rows }),
    ...(content !== null && { content }),
  };
}
