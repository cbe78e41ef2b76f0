import type { Message } from "../chat/message.ts";
import type { Place } from "../chat/place.ts";

/**
 * PORT: the durable heart. A place's mailbox holds its addressed messages, one turn each, and lets them out
 * strictly in order, one at a time: what was begun first, then by when it was sent. Its row carries who runs it (`owner`), until when (`lease`) and the fence
 * (`epoch`, which grows with each change of hands). Every method is one short transaction.
 */
export interface Mailbox {
  /**
   * Stores an addressed message, once: `seen` when its key is here already. Resolves only after it is on the disk.
   * With `room`, an idle mailbox is taken in the same transaction; the claim is then the caller's to run. `late`: it was asked
   * so long ago that it is not to be answered unasked.
   */
  add(message: Message, room: boolean, late?: boolean): Promise<Added>;
  /**
   * Settles the turn that was run, if any, and reads on under the row's lock: the next turn, or undefined when
   * the mailbox was let go (empty, its head not due yet, or the epoch has moved on).
   */
  next(claim: Claim, settled?: Settled): Promise<Turn | undefined>;
  /** Takes up to `room` mailboxes that are due and unowned, or whose lease ran out. */
  sweep(room: number): Promise<readonly Claim[]>;
  /**
   * Renews the leases of all mailboxes that this process owns, and says which those are: also some that it was given without
   * hearing of it, because the answer was lost. Rejects when the database cannot do it.
   */
  renew(): Promise<readonly Claim[]>;
  /** Has a late turn answered after all, postponed already or about to be. False when there is no such turn (any more). */
  reopen(place: Place, turn: number): Promise<boolean>;
  /** Somebody wants the turn to end where it is. False when it has ended, or is not of this place. */
  askStop(place: Place, turn: number): Promise<boolean>;
  /** The same of the turn that is being run in the place: which one that is, if there is one. */
  askStopHere(place: Place): Promise<number | undefined>;
  /** Lets go of everything this process owns, turns unsettled: another process, or the next start, takes them at once. */
  handOver(): Promise<void>;
}

export type Added =
  | { readonly kind: "seen" }
  | { readonly kind: "new"; readonly turn: number; readonly claim?: Claim };

/** The right to run a place's turns, as long as the row's epoch is this one. */
export interface Claim {
  readonly place: Place;
  readonly epoch: number;
}

/**
 * A turn's life. Each state is stored before the effect that it describes, so that whoever finds the turn
 * knows what may have happened already.
 * - `received`: stored, nothing done. - `calling`: the request to the model may have been sent.
 * - `streaming`: text has come; `text` is a checkpoint. - `answered`: `text` is the whole answer, only delivery is left.
 * - `done`, `failed`, `stopped`: settled; its pages are final.
 * - `postponed`: settled for now; its page says that it can be answered on request.
 */
export type TurnState =
  | "received"
  | "calling"
  | "streaming"
  | "answered"
  | "done"
  | "failed"
  | "stopped"
  | "postponed";

export interface Turn {
  readonly id: number;
  readonly place: Place;
  readonly message: Message;
  /** How often it was taken up before. More than 0: it was interrupted or asked for a retry. */
  readonly tries: number;
  readonly state: TurnState;
  /** Not to be answered, but offered to be. */
  readonly late: boolean;
  /** Somebody asked for it to end. */
  readonly stopAsked: boolean;
  /** The place's conversation it was sent to. Absent before `calling`. */
  readonly generation?: number;
  /** The input as it was sent to the model: what to look for at Telnyx. Absent before `calling`. */
  readonly input?: string;
  /** What the model has written: the checkpoint while `streaming`, all of it from `answered` on. */
  readonly text?: string;
  /** Why the model stopped early, as it said it. Only from `answered` on. */
  readonly incomplete?: string;
}

export type Settled =
  | {
      readonly turn: number;
      readonly kind: "done" | "failed" | "stopped" | "postponed";
      readonly error?: string;
    }
  /** Not finished: run it again after `delayMs`. It stays the head, so later messages of the place wait. */
  | { readonly turn: number; readonly kind: "retry"; readonly delayMs: number; readonly error: string };
