import type { Budget } from "./budget.ts";
import type { Command } from "./command.ts";
import type { Author, Message } from "./message.ts";
import type { MessageId, Place } from "./place.ts";

/**
 * PORT: what a chat platform is to the bridge. Slack and Discord each fill it in their own folder.
 * Optional members are abilities that only some platforms have.
 */
export interface Platform {
  /** `slack`, `discord`. Also the first part of every place's and message's key. */
  readonly name: string;
  readonly limits: Limits;
  /**
   * Connects, and tells `listener` what happens where the bot can read, until `stop`. Rejects when the platform
   * cannot be reached or refuses the token; later it says so by `listener.changed`.
   */
  start(listener: Listener): Promise<void>;
  /**
   * Posts a page at the end of the place. The same `key` never posts twice, also from another process
   * after a crash: it returns the first post's id. Throws `PlatformRefusal`. Does no retries and no
   * waiting for rate limits: the caller's budget does that. A file that the platform does not take is `rejected`.
   */
  post(place: Place, page: Page, key: PostKey): Promise<MessageId>;
  /** Replaces what a page shows. Safe to repeat. Throws `PlatformRefusal`. */
  edit(place: Place, id: MessageId, page: Page): Promise<void>;
  /** Takes no more messages, then closes the connections. Safe to call twice. */
  stop(): Promise<void>;

  /**
   * What was said in the place before the message `before`, oldest first: at most `limit`, the newest of
   * them, none at or before `after`. The bot's own messages have an author of kind `self`.
   */
  history?(place: Place, query: HistoryQuery): Promise<readonly Message[]>;
  /**
   * What people posted while nobody listened: the most recently used places first, oldest first within a place, and of each place no more
   * than a bounded number of calls yields. Also what was said already may be among it. Waits for rate limits by itself, however long. Throws `PlatformRefusal` when it cannot go on; what was yielded until then counts.
   */
  missed?(query: MissedQuery): AsyncIterable<Message>;
  /**
   * The message that a link leads to, as `receive` would be given it. By plain requests: it needs no `start`, and opens no connection that
   * hears. Throws `PlatformRefusal` when the platform could not be asked.
   */
  find?(link: string): Promise<Looked>;
  /**
   * What a paint counts as in `limits.budgets`, where that is not simply `post` or `edit`: a post of the page, or with `id` an edit.
   * Undefined: this draft would show nothing that is not shown already. Asked often, of the same paint too; never throws.
   */
  countsAs?(place: Place, page: Page, id?: MessageId): string | undefined;
  /** Shows that the bot is at work (typing, status) until the first post or `signal`. Never throws. */
  indicate?(place: Place, signal: AbortSignal): void;
  /** The platform delivers events by HTTP: where, and the handler. It must be mounted before `start`. */
  readonly http?: { readonly path: string; handle(request: Request): Promise<Response> };
  /** What the operator should know of at the start: an ability that is missing, and what it costs. One sentence each. */
  readonly warnings?: readonly string[];
}

/** `missing`: why there is none, in a sentence for whoever asked. */
export type Looked = { readonly message: Message } | { readonly missing: string };

/** What a platform tells of. */
export interface Listener {
  /**
   * Somebody posted a message. The platform gets its acknowledgement only after this resolved; where it rejects, the platform
   * keeps the event and delivers it again if it can.
   */
  receive(message: Message): Promise<void>;
  /**
   * Somebody pressed a button of ours. Acknowledged after it resolved, with a sentence for that person alone, if there is
   * anything to say.
   */
  press(press: Press): Promise<string | undefined>;
  /**
   * Somebody gave the bot a command. The platform is told at once that it arrived; what this resolves to, a page of Markdown, is shown to that
   * person alone. Never rejects.
   */
  command(command: Command): Promise<string>;
  /** A part of the connection is in another condition than before. Called also at the start, for each part. */
  changed(condition: Condition): void;
}

/**
 * How well a part of a platform's connection hears. Parts come and go by themselves (Discord: `shard 0 of 1`; where there is only
 * one, its name is empty).
 * - `listening`: everything that is posted is heard. `resumed`: nothing was missed since it last listened.
 * - `elsewhere`: another process listens to this part.
 * - `connecting`: nothing is heard for now; it is being tried.
 * - `refused`: the token is not valid or lacks something; tried again rarely, and an operator has to act.
 * - `dead`: it could not be brought back for so long that a new process should try.
 */
export type Condition = { readonly part: string } & (
  | { readonly kind: "listening"; readonly resumed: boolean }
  | { readonly kind: "elsewhere" }
  | { readonly kind: "connecting" | "refused" | "dead"; readonly why: string }
);

/** A button under a page. */
export interface Button {
  readonly action: Action;
  readonly label: string;
  readonly turn: number;
}

/** `stop`: end the reply here. `answer`: answer what was asked while the bot was away. */
export type Action = "stop" | "answer";

export interface Press {
  readonly platform: string;
  readonly place: Place;
  readonly action: Action;
  /** Absent: of whatever is being answered in the place. */
  readonly turn?: number;
  readonly by: Author;
}

export interface MissedQuery {
  /** As in `Condition`. */
  readonly part: string;
  /** Milliseconds since the epoch, by the platform's clock: everything that was posted before was heard. */
  readonly since: number;
  /** Places in which the bot took part, most recently used first. */
  readonly places: readonly Place[];
  readonly signal: AbortSignal;
}

/**
 * Rights that one process at a time may hold, by name. Given to the adapters, for connections of which a bot may have one.
 */
export interface Exclusive {
  /**
   * Waits until this process holds `name`. Rejects when `signal` aborts, having let go of it. `lost` aborts when another
   * process may hold it by now.
   */
  hold(name: string, signal: AbortSignal): Promise<Held>;
}

export interface Held {
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** One platform message of a reply. `text` is Markdown; the adapter formats it and makes every mention inert. */
export interface Page {
  readonly text: string;
  /** It will not change again. */
  readonly final: boolean;
  /**
   * Of a draft: what the model wrote of it, without what `text` adds so that it can be read meanwhile. The page goes on from there, unless
   * it turns out to end before. For platforms that show a text as it grows.
   */
  readonly written?: string;
  /** Post it as an answer to this message, where the platform can show that and the message is still there. */
  readonly replyTo?: MessageId;
  /** An edit to a page without buttons takes away those that were there. */
  readonly buttons?: readonly Button[];
  /** The page calls somebody: it mentions them, and nobody else. */
  readonly nudge?: Nudge;
  /** What the model called while it wrote this page. Only where `Limits.tools` says that it can be shown: then a draft may have no text yet. */
  readonly tools?: readonly ToolUse[];
  /** The page is this file; `text` names it. Only where `Limits.files` says that the platform takes files. */
  readonly file?: PageFile;
}

/** A text that people can download. The same name never stands twice in one reply. */
export interface PageFile {
  /** Of `[a-z0-9.-]` alone, whatever the model wrote. */
  readonly name: string;
  readonly text: string;
}

/** `text` is then one sentence without markup, and leads to `link`, if there is one. */
export interface Nudge {
  /** As in `Author.id`. */
  readonly person: string;
  readonly link?: string;
}

/** A tool that the model called. */
export interface ToolUse {
  /** Of the call. */
  readonly id: string;
  readonly name: string;
  /** The model has gone on since. */
  readonly isDone: boolean;
}

/** Names one page of one turn's reply, for ever: the platform-side means against posting twice are made from it. */
export interface PostKey {
  readonly turn: number;
  /** From 0. Below: a page that comes after all others, the nudge. */
  readonly page: number;
  /** At most 25 characters of [a-z0-9-]: fits Discord's nonce. The same for the same turn and page. */
  readonly text: string;
  /** Who asked, as the platform names them. */
  readonly asker?: string;
  /** The page before, where there is one: what stands between the two is not of this turn. */
  readonly after?: MessageId;
  /**
   * An attempt may have been made before this process began: the page's row was found intended, without an id.
   * The adapter then looks at what stands in the place before it posts. What it tried itself it remembers.
   */
  readonly repeated: boolean;
}

export interface HistoryQuery {
  readonly before: MessageId;
  readonly after?: MessageId;
  readonly limit: number;
}

/** What the core needs to know of a platform, as data: nobody asks which platform it is. */
export interface Limits {
  /** How much Markdown one page holds, in `unit`s. The adapter vouches that any such page can be posted, once formatted. */
  readonly pageLength: number;
  /** What the platform counts. Absent: `utf16`, as JavaScript does. */
  readonly unit?: "utf16" | "code points" | "utf8";
  /**
   * Whether a page is shown as well as the platform can, once formatted: a page that can be posted may still have to make do with less.
   * A page is cut before the lines that it does not suit. Pure, and asked some twenty times for a page.
   */
  readonly suits?: (markdown: string) => boolean;
  readonly budgets: readonly Budget[];
  /** Pages can show which tools the model calls. */
  readonly tools?: boolean;
  /** Absent: the platform takes no files from the bot, or is not to be given any. */
  readonly files?: FileLimits;
}

export interface FileLimits {
  /** A code block that takes more pages than this is posted as a file. At least 1. */
  readonly afterPages: number;
  /** How much text one file holds, in UTF-16 units. */
  readonly maxLength: number;
}
