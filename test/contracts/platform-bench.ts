import type { Message } from "../../src/chat/message.ts";
import type { MessageId, Place } from "../../src/chat/place.ts";
import type { Page, Platform, PostKey } from "../../src/chat/platform.ts";
import { PlatformRefusal, type RefusalKind } from "../../src/errors.ts";

/** What goes wrong with the next such call: a refusal, or its answer (`swallow`: done, but nobody hears of it; `cut`: nothing done). */
export type Failure = Exclude<RefusalKind, "gone"> | "swallow" | "cut";

/** A message as it stands in the place. `text` is what the platform was given to show, markup and all. */
export interface Shown {
  readonly id: MessageId;
  readonly bySelf: boolean;
  readonly text: string;
}

/** What the suite needs of the platform's side. One harness has one account; what is said there outlives an adapter. */
export interface PlatformHarness {
  /** Each call is another process of the same bot. The suite stops what it starts. */
  create(): Platform;
  /** An adapter whose token the platform refuses. */
  createRefused(): Platform;
  /** A place that the bot can post to: another one at each call, in another channel where budgets are per channel. */
  openPlace(): Promise<Place>;
  /** A draft of a page that goes on in this place, where it says more than its text. */
  draft?(place: Place, text: string): Page;
  /** A person posts in the place, so that the bot is given it. */
  say(place: Place, text: string): Promise<MessageId>;
  /** Everything that stands in the place, oldest first. */
  shown(place: Place): readonly Shown[];
  /** The files of the bot's messages in the place, oldest first. */
  files(place: Place): readonly { readonly id: MessageId; readonly name: string; readonly text: string }[];
  /** A person deletes a message of the bot. */
  remove(place: Place, id: MessageId): void;
  /** Strikes the next call of that kind, once. `rate_limited` asks for a wait of 2 s. */
  fail(call: "post" | "file" | "edit" | "history", failure: Failure): void;
  /** Whoever was notified by what the bot posted and edited, in any words. */
  notified(): readonly string[];
  /** Where the platform delivers again what was not acknowledged: makes it do so now. */
  redeliver?(): Promise<void>;
  /** The platform's clock. Absent: the system's. */
  now?(): number;
  /** Where the platform's time stands still by itself: lets it go on. */
  pass?(ms: number): Promise<void>;
  /** Cuts the connection of the adapter that was started last; what it resolves to lets it come back. */
  interrupt?(): Promise<() => Promise<void> | void>;
  close(): Promise<void>;
}

export const draft = (text: string): Page => ({ text, final: false });
export const final = (text: string): Page => ({ text, final: true });

/** A page that is a file. */
export const file = (name: string, text: string): Page => ({
  text: `\`${name}\``,
  final: true,
  file: { name, text },
});

export function postKey(page: number, options: { turn?: number; repeated?: boolean } = {}): PostKey {
  const { turn = 1, repeated = false } = options;
  return { turn, page, text: `contract-${turn}-${page}`, repeated };
}

/** What the tests of one contract share: the harness, an adapter on it that was started, and a place. */
export interface PlatformBench {
  harness: PlatformHarness;
  platform: Platform;
  place: Place;
  received: Message[];
  started: Platform[];
  connect(receive: (message: Message) => Promise<void>): Promise<Platform>;
}

/** A page of the place that may still grow. */
export const growing = ({ harness, place }: Pick<PlatformBench, "harness" | "place">, text: string): Page =>
  harness.draft?.(place, text) ?? draft(text);

export const own = (bench: Pick<PlatformBench, "harness" | "place">, place = bench.place) =>
  bench.harness.shown(place).filter((shown) => shown.bySelf);

export async function refusal(attempt: Promise<unknown>): Promise<PlatformRefusal> {
  const caught = await attempt.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(caught instanceof PlatformRefusal)) throw new Error(`no refusal but ${String(caught)}`);
  return caught;
}
