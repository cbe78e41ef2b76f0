import type { Author, Message } from "../../src/chat/message.ts";
import type { MessageId, Place } from "../../src/chat/place.ts";
import type { Action, Limits } from "../../src/chat/platform.ts";
import type { Failure } from "../contracts/platform-bench.ts";
import { createChat, type ChatOptions, type NewPlace, type Said, type Stored } from "./chat.ts";
import { connect, type CallKind, type FakeCall, type FakeProcess, type World } from "./process.ts";

/** Calls that wait at a latch. Each released call goes on; after `open` nothing is held any more. */
export interface Latch {
  readonly held: number;
  release(count?: number): void;
  open(): void;
}

export interface FakePlatform {
  /** Another process. What is said goes to the one that was started last. */
  connect(options?: { refused?: boolean }): FakeProcess;
  openPlace(options?: NewPlace): Place;
  /** A person says something. Resolves once the bot has stored it, or refused to (then see `redeliver`). */
  say(place: Place, text: string, said?: Said): Promise<Message>;
  /** Hands a message over again, as a platform does that missed the acknowledgement. */
  deliver(message: Message): Promise<void>;
  /** Somebody presses a button of ours. Resolves with what they are told. */
  press(place: Place, action: Action, turn: number, by?: Author): Promise<string | undefined>;
  /** Delivers again whatever was not stored. */
  redeliver(): Promise<void>;
  stored(place: Place): readonly Stored[];
  /** The texts of the bot's pages in the place, in order. */
  pages(place: Place): readonly string[];
  remove(place: Place, id: MessageId): void;
  /** Strikes the next `times` calls of that kind; with `place`, only there. */
  fail(kind: CallKind, failure: Failure, options?: { times?: number; place?: Place }): void;
  /** Rejects every page that contains this text, until it is undefined again. */
  refuseText(text: string | undefined): void;
  /** Holds calls of that kind: `before` they have an effect, or `after`, when only the answer is missing. */
  hold(kind: CallKind, when?: "before" | "after"): Latch;
  readonly calls: readonly FakeCall[];
  /** Where the bot shows now that it is at work. */
  readonly indicating: ReadonlySet<Place>;
  /** What no caller may do, though the platform lets it: empty at the end of every test. */
  readonly violations: readonly string[];
}

export type FakePlatformOptions = ChatOptions & { readonly pageLength?: number };

/** An in-memory platform that keeps to its limits. Keeps the contract of `test/contracts/platform.ts`. */
export function createFakePlatform(options: FakePlatformOptions): FakePlatform {
  const chat = createChat(options);
  const limits: Limits = { pageLength: options.pageLength ?? 2_000, budgets: options.budgets ?? [] };
  const world: World = {
    chat,
    limits,
    now: () => options.clock.now(),
    calls: [],
    faults: [],
    gates: [],
    indicating: new Set(),
    violations: [],
    listeners: [],
    lost: [],
    forbidden: undefined,
  };

  const deliver = async (message: Message) => {
    const listener = world.listeners.at(-1);
    if (!listener) return;
    await listener.receive(message).catch(() => void world.lost.push(message));
  };

  return {
    connect: (process) => connect(world, process),
    openPlace: (place) => chat.openPlace(place),
    say: async (place, text, said) => {
      const message = chat.add(place, text, said);
      await deliver(message);
      return message;
    },
    deliver,
    press: async (place, action, turn, by = { id: "U1", name: "Ada", kind: "person" }) =>
      world.listeners.at(-1)?.press({ platform: "fake", place, action, turn, by }),
    redeliver: async () => {
      for (const message of world.lost.splice(0)) await deliver(message);
    },
    stored: (place) => chat.stored(place),
    pages: (place) =>
      chat
        .stored(place)
        .filter((stored) => stored.message.author.kind === "self")
        .map((stored) => stored.message.text),
    remove: (place, id) => chat.remove(place, id),
    fail: (kind, failure, { times = 1, place } = {}) =>
      void world.faults.push({ kind, failure, left: times, ...(place ? { place } : {}) }),
    refuseText: (text) => void (world.forbidden = text),
    hold: (kind, when = "before") => latch(world, kind, when),
    calls: world.calls,
    indicating: world.indicating,
    violations: world.violations,
  };
}

function latch(world: World, kind: CallKind, when: "before" | "after"): Latch {
  const waiting: (() => void)[] = [];
  let open = false;
  const pass = async () => {
    if (!open) await new Promise<void>((resolve) => void waiting.push(resolve));
  };
  const release = (count = waiting.length) => {
    for (const go of waiting.splice(0, count)) go();
  };
  world.gates.push({ kind, when, pass });
  return {
    get held() {
      return waiting.length;
    },
    release,
    open: () => {
      open = true;
      release();
    },
  };
}
