import type { Message } from "../../src/chat/message.ts";
import type { MessageId, Place } from "../../src/chat/place.ts";
import type {
  HistoryQuery,
  Limits,
  Listener,
  MissedQuery,
  Page,
  Platform,
  PostKey,
} from "../../src/chat/platform.ts";
import { PatchcordError, PlatformRefusal, asError } from "../../src/errors.ts";
import type { Failure } from "../contracts/platform-bench.ts";
import type { Chat } from "./chat.ts";
import { createHearing, type Hearing } from "./hearing.ts";

export type CallKind = "post" | "edit" | "history" | "missed";

/** A call as it reached the fake, in the order of arrival. `outcome` is undefined while it is under way. */
export interface FakeCall {
  readonly kind: CallKind;
  readonly place: Place;
  readonly at: number;
  readonly page?: Page;
  readonly id?: MessageId;
  readonly key?: PostKey;
  readonly query?: HistoryQuery;
  outcome?: "done" | Failure | "gone";
}

/** One process of the bot. */
export interface FakeProcess extends Platform, Pick<Hearing, "cut" | "restore" | "tell"> {
  missed(query: MissedQuery): AsyncIterable<Message>;
  history(place: Place, query: HistoryQuery): Promise<readonly Message[]>;
  indicate(place: Place, signal: AbortSignal): void;
  /** As by kill -9: it is handed nothing more, and none of its calls, held ones too, has an effect or an end. */
  kill(): void;
}

/** What all processes on one fake platform share. */
export interface World {
  readonly chat: Chat;
  readonly limits: Limits;
  readonly now: () => number;
  readonly calls: FakeCall[];
  readonly faults: { kind: CallKind; failure: Failure; left: number; place?: Place }[];
  readonly gates: { kind: CallKind; when: "before" | "after"; pass: () => Promise<void> }[];
  readonly indicating: Set<Place>;
  readonly violations: string[];
  readonly listeners: Listener[];
  /** What a listener could not store. */
  readonly lost: Message[];
  /** Pages that contain it are rejected. */
  forbidden: string | undefined;
}

/** So many messages of a place are found again. */
const MOST_MISSED = 100;

/** All that there is to see of a page. */
const shows = ({ text, final, buttons = [] }: Page) => JSON.stringify([text, final, buttons]);

type State = "idle" | "started" | "stopped" | "killed";

/** A process on the fake platform. Its own memory of keys dies with it. */
export function connect(world: World, options: { refused?: boolean } = {}): FakeProcess {
  let state: State = "idle";
  const hearing = createHearing(world);
  const tried = new Map<string, Promise<MessageId> | "unsure">();
  const painted = new Map<MessageId, { page: Page; busy: boolean }>();

  const leave = (next: State) => {
    if (state !== "killed") state = next;
    hearing.close();
  };
  const call = <T>(call: FakeCall, effect: () => T) => {
    if (state === "stopped") world.violations.push(`${call.kind} in ${call.place} after the stop`);
    return run(world, () => state !== "killed", call, effect);
  };
  const check = (page: Page) => {
    if (page.text.trim() === "") throw new PlatformRefusal("rejected", "fake_no_text", "an empty page");
    if (world.forbidden !== undefined && page.text.includes(world.forbidden))
      throw new PlatformRefusal("rejected", "fake_forbidden", "a page with forbidden text");
    if (page.text.length <= world.limits.pageLength) return;
    throw new PlatformRefusal("rejected", "fake_too_long", `a page of ${page.text.length}`);
  };

  const attempt = (place: Place, page: Page, key: PostKey, unsure: boolean) =>
    call({ kind: "post", place, page, key, at: world.now() }, () => {
      check(page);
      const standing = world.chat.findKey(place, key.text);
      if (standing && unsure) {
        painted.delete(standing);
        return standing;
      }
      if (standing) world.violations.push(`${key.text} was posted twice in ${place}`);
      const id = world.chat.addPage(place, page, key.text);
      // Whoever repeats a post cannot know whose text now stands, and may edit it to the same.
      if (!unsure) painted.set(id, { page, busy: false });
      world.indicating.delete(place);
      return id;
    });
  const post = (place: Place, page: Page, key: PostKey): Promise<MessageId> => {
    const earlier = tried.get(key.text);
    if (earlier && earlier !== "unsure") return earlier;
    const unsure = key.repeated || earlier === "unsure";
    const posting = attempt(place, page, key, unsure);
    tried.set(key.text, posting);
    posting.catch((error: unknown) => {
      const maybeDone = error instanceof PlatformRefusal && error.kind === "unavailable";
      if (unsure || maybeDone) tried.set(key.text, "unsure");
      else tried.delete(key.text);
    });
    return posting;
  };

  const edit = async (place: Place, id: MessageId, page: Page) => {
    const last = painted.get(id);
    const standing = world.chat.find(place, id);
    if (last?.busy) world.violations.push(`${id} is edited while it is being edited`);
    if (last && shows(last.page) === shows(page)) world.violations.push(`${id} is edited to what it shows`);
    if (standing?.final && standing.message.text !== page.text)
      world.violations.push(`${id} is changed after it was final`);
    painted.set(id, { page, busy: true });
    try {
      await call({ kind: "edit", place, id, page, at: world.now() }, () => {
        check(page);
        world.chat.change(place, id, page);
      });
      painted.set(id, { page, busy: false });
    } catch (error) {
      painted.delete(id);
      throw error;
    }
  };

  const history = (place: Place, query: HistoryQuery) =>
    call({ kind: "history", place, query, at: world.now() }, () => {
      const ids = world.chat.stored(place).map((stored) => stored.message.id);
      const from = query.after === undefined ? 0 : ids.indexOf(query.after) + 1;
      const until = ids.includes(query.before) ? ids.indexOf(query.before) : ids.length;
      const all = world.chat.stored(place).slice(from, Math.max(from, until));
      return all.slice(Math.max(0, all.length - query.limit)).map((stored) => stored.message);
    });

  async function* missed({ since, places, signal }: MissedQuery): AsyncGenerator<Message> {
    for (const place of new Set([...places, ...world.chat.places()])) {
      if (signal.aborted) return;
      yield* await call({ kind: "missed", place, at: world.now() }, () =>
        world.chat
          .said()
          .filter((message) => message.place === place && message.sentAt >= since)
          .slice(0, MOST_MISSED),
      );
    }
  }

  return {
    name: "fake",
    limits: world.limits,
    start: async (listener) => {
      if (options.refused) throw new PatchcordError("fake_unauthorized", "the token is refused");
      state = "started";
      hearing.open(listener);
    },
    post,
    edit,
    history,
    missed,
    cut: () => hearing.cut(),
    restore: (how) => hearing.restore(how),
    tell: (condition) => hearing.tell(condition),
    stop: async () => leave("stopped"),
    kill: () => leave("killed"),
    indicate: (place, signal) => {
      if (signal.aborted) return;
      world.indicating.add(place);
      signal.addEventListener("abort", () => void world.indicating.delete(place), { once: true });
    },
  };
}

function refused(failure: Failure): PlatformRefusal {
  const kind = failure === "swallow" || failure === "cut" ? "unavailable" : failure;
  const wait = kind === "rate_limited" ? { retryAfterMs: 2_000 } : {};
  return new PlatformRefusal(kind, `fake_${failure}`, `the fake was told to fail: ${failure}`, wait);
}

/** Runs one call through gates, faults and the rules; `effect` does what the platform does. */
async function run<T>(world: World, alive: () => boolean, call: FakeCall, effect: () => T): Promise<T> {
  world.calls.push(call);
  const gate = async (when: "before" | "after") => {
    for (const gate of world.gates) if (gate.kind === call.kind && gate.when === when) await gate.pass();
    if (!alive()) await new Promise<never>(() => {});
  };
  await gate("before");
  try {
    const fault = world.faults.find(
      (fault) => fault.kind === call.kind && fault.left > 0 && (fault.place ?? call.place) === call.place,
    );
    if (fault) fault.left -= 1;
    if (fault && fault.failure !== "swallow") throw refused(fault.failure);
    if (call.kind === "post" || call.kind === "edit") world.chat.spend(call.place, call.kind);
    const result = effect();
    await gate("after");
    if (fault) throw refused(fault.failure);
    call.outcome = "done";
    return result;
  } catch (error) {
    if (!(error instanceof PlatformRefusal)) throw asError(error);
    call.outcome = error.kind;
    throw error;
  }
}
