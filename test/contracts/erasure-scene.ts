import type { Message } from "../../src/chat/message.ts";
import type { MessageId, Place, Whereabouts } from "../../src/chat/place.ts";
import type { Condition } from "../../src/store/archive.ts";
import type { Wish } from "../../src/store/erasure.ts";
import type { Claim } from "../../src/store/mailbox.ts";
import { draft, messageIn, type StoreBench } from "./store-bench.ts";

export const PLACE = "chat:T1:C1:thread" as Place;
export const KEY = { place: PLACE, generation: 1 };
const WHERE: Whereabouts = {
  workspaceId: "T1",
  workspaceName: "Acme",
  channelId: "C1",
  channelName: "support",
  channelKind: "public",
  threadId: "th1",
  threadName: "zebraprivate thread",
};
export const ALICE = { id: "UAlice", name: "Alice Zebrawood", kind: "person" } as const;
export const BOB = { id: "UBob", name: "Bob", kind: "person" } as const;
export const everything: Condition = { kind: "all", of: [] };
export const NEWEST = { by: "started", direction: "asc" } as const;

/** A database for each test, and what is done with it. */
export interface World {
  readonly bench: () => StoreBench;
  readonly wish: (more?: object) => Promise<Wish>;
  /** Everything that is stored once all wishes are fulfilled, as text. */
  readonly stored: () => Promise<string>;
  /** The turns in which a word begins so. */
  readonly found: (text: string) => Promise<readonly unknown[]>;
}

interface Ask {
  /** What the conversation is given before it is asked, without being asked by it: whose it is. */
  readonly heard?: readonly Message["author"][];
  readonly name: string;
  readonly author?: Message["author"];
  readonly text?: string;
  readonly where?: Partial<Whereabouts>;
  readonly generation?: number;
  /** Left open, its request sent or not even its mailbox taken. */
  readonly ends?: "done" | "failed" | "calling" | "waiting" | "late";
}

/** What is asked as the bridge would do it. */
export function asking(bench: StoreBench) {
  return async ({
    name,
    author = ALICE,
    text = name,
    where,
    generation = 1,
    ends = "done",
    heard = [],
  }: Ask) => {
    const message: Message = {
      ...messageIn(PLACE, name),
      author,
      text,
      sentAt: bench.now(),
      where: { ...WHERE, ...where },
    };
    const mailbox = bench.mailbox("a");
    await bench.store.noteWhereabouts(PLACE, message.where, bench.now());
    const added = await mailbox.add(message, ends !== "waiting", ends === "late");
    if (added.kind === "seen") throw new Error("it was seen");
    if (!added.claim) return { message, turn: added.turn };
    await mailbox.next(added.claim);
    if (ends === "late") {
      await mailbox.next(added.claim, { turn: added.turn, kind: "postponed" });
      return { message, turn: added.turn };
    }
    await send(bench, added.claim, {
      turn: added.turn,
      generation,
      text,
      heard: heard.map((by, index) => ({ ...messageIn(PLACE, `${name}-heard-${index}`), author: by })),
    });
    const settled =
      ends === "failed"
        ? ({ kind: "failed", error: `timeout: ${text}` } as const)
        : ({ kind: "done" } as const);
    if (ends !== "calling") await mailbox.next(added.claim, { turn: added.turn, ...settled });
    return { message, turn: added.turn, claim: added.claim };
  };
}

interface Sent {
  readonly turn: number;
  readonly generation: number;
  readonly text: string;
  readonly heard?: readonly Message[];
}

export async function send(
  { store, now }: StoreBench,
  claim: Claim,
  { turn, generation, text, heard = [] }: Sent,
): Promise<void> {
  const metadata = {
    app: "patchcord",
    thread_name: "zebraprivate thread",
    started_by_name: "Alice Zebrawood",
    started_by_id: "UAlice",
    channel_kind: "public",
    platform: "chat",
  };
  await store.openConversation(claim, {
    ...draft(generation),
    metadata,
    createBody: JSON.stringify({ metadata }),
    at: now(),
  });
  await store.linkConversation(claim, generation, `telnyx-${generation}`);
  for (const message of heard) await store.markHeard(claim, generation, message);
  await store.markCalling(claim, turn, { generation, input: `Asked: ${text}`, at: now() });
  await store.markAnswered(claim, turn, { text: `zebraanswer to ${text}`, at: now() });
  await store.markPageIntended(claim, turn, 0);
  await store.markPagePosted(claim, turn, 0, `page-${turn}` as MessageId);
}

/** All that the database has, of every table and column, as text. */
export async function everyRow(bench: StoreBench): Promise<string> {
  const tables = await Promise.all(
    (await bench.tables()).map((table) => bench.query(`SELECT * FROM "${table}"`)),
  );
  const legible = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value;
  const values = tables.flatMap((rows) => rows.flatMap((row) => Object.values(row)));
  return JSON.stringify(
    values.map((value) => legible("", value)),
    (_, value: unknown) => (typeof value === "bigint" ? String(value) : value),
  );
}
