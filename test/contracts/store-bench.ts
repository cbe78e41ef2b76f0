import { it } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import type { MessageId, Place } from "../../src/chat/place.ts";
import type { Archive } from "../../src/store/archive.ts";
import type { Audit } from "../../src/store/audit.ts";
import type { Erasure } from "../../src/store/erasure.ts";
import type { Claim, Mailbox, Turn } from "../../src/store/mailbox.ts";
import type { Sessions } from "../../src/store/sessions.ts";
import type { ConversationDraft, Store } from "../../src/store/store.ts";
import type { Tokens } from "../../src/store/tokens.ts";

/** A database of its own, its clock in the test's hand. */
export interface StoreBench {
  /** The mailbox as the process `owner` has it. */
  readonly mailbox: (owner: string) => Mailbox;
  readonly store: Store;
  /** Its batches are small, so that many are taken. */
  readonly archive: Archive;
  readonly audit: Audit;
  readonly erasure: Erasure;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  /** The database's clock, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly pass: (ms: number) => Promise<void>;
  /** Sets the wall clock of the processes' machine forward, or back, while no time passes. */
  readonly setClock: (ms: number) => void;
  /** Rows as they are stored: for what no method tells. */
  readonly query: (sql: string) => Promise<readonly Record<string, unknown>[]>;
  /** Every table there is, those too that an index of words makes for itself. */
  readonly tables: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

export type OpenBench = () => StoreBench | Promise<StoreBench>;

/** A database with two processes on it. */
export interface World {
  readonly bench: StoreBench;
  readonly store: Store;
  readonly a: Mailbox;
  readonly b: Mailbox;
}

export type Test = (name: string, body: (world: World) => Promise<void>) => void;

/** `it`, with a new database for each test. */
export function testOn(open: OpenBench): Test {
  return (name, body) =>
    it(name, async () => {
      const bench = await open();
      try {
        await body({ bench, store: bench.store, a: bench.mailbox("a"), b: bench.mailbox("b") });
      } finally {
        await bench.close();
      }
    });
}

/** An addressed message of the place. Its key is unique among the tests' messages if `name` is, within the place. */
export function messageIn(place: string, name: string): Message {
  return {
    key: `chat:${place}:${name}`,
    platform: "chat",
    place: place as Place,
    id: name as MessageId,
    sentAt: 1_700_000_000_000,
    author: { id: "U1", name: "Zoë 🦊", kind: "person" },
    text: `${name}: what's "up"?\n\u0000 \u2028 こんにちは`,
    call: {
      mentionsBot: true,
      repliesToBot: false,
      mentionsOthers: false,
      inThread: false,
      startsPlace: true,
    },
    where: { workspaceId: "T1", channelId: "C1", channelKind: "public" },
  };
}

/** Adds a message to an idle mailbox and takes it. */
export async function addTaking(mailbox: Mailbox, place: string, name: string): Promise<Claim> {
  const added = await mailbox.add(messageIn(place, name), true);
  if (added.kind === "seen" || !added.claim) throw new Error(`${place} was not taken by adding ${name}`);
  return added.claim;
}

export const p = "p" as Place;
export const id = (text: string) => text as MessageId;

export function draft(generation: number, createKey = `key ${generation}`): ConversationDraft {
  return { generation, createKey, createBody: `{"n":${generation}}`, metadata: { app: "patchcord" }, at: 7 };
}

/** The place `p`, taken by `a`, its first turn running, with a conversation. */
export async function begin({ a, store }: World): Promise<{ claim: Claim; turn: Turn }> {
  const claim = await addTaking(a, p, "1");
  await store.openConversation(claim, draft(1));
  const turn = await a.next(claim);
  return { claim, turn: turn! };
}

/** All that the store has written. */
export async function everything({ bench }: World): Promise<unknown> {
  const tables = ["conversation", "turn", "page", "heard", "whereabouts", "listened"];
  return Promise.all(tables.map((table) => bench.query(`SELECT * FROM ${table} ORDER BY 1, 2`)));
}
