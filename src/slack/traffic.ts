import type { MessageId, Place } from "../chat/place.ts";
import type { Page } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { EDITS, POSTS } from "./format.ts";
import { decodePlace } from "./place.ts";

/** What this process posts and edits beside its streams. */
export interface Traffic {
  posted(place: Place, id: MessageId, page: Page): void;
  edited(id: MessageId, page: Page): void;
  /**
   * A reply that is posted in the channel would have to wait: for its first text, or, with the endings of those that are edited already, for
   * its own.
   */
  isShort(channel: string): boolean;
}

/** A draft that was not painted for so long is nobody's any more: no request to the model takes longer. */
const ABANDONED_MS = 1_800_000;

export function createTraffic(clock: Pick<Clock, "monotonic">): Traffic {
  const posts = new Map<string, readonly number[]>();
  /** When each message was last painted that has to be edited at least once more. */
  const drafts = new Map<MessageId, number>();
  let edits: readonly number[] = [];

  const within = (times: readonly number[], ms: number) => times.filter((at) => at > clock.monotonic() - ms);
  const note = (id: MessageId, page: Page) => {
    drafts.delete(id);
    if (!page.final) drafts.set(id, clock.monotonic());
  };
  return {
    posted: (place, id, page) => {
      const { channel } = decodePlace(place);
      for (const [other, times] of posts) if (within(times, POSTS.windowMs).length === 0) posts.delete(other);
      posts.set(channel, [...within(posts.get(channel) ?? [], POSTS.windowMs), clock.monotonic()]);
      note(id, page);
    },
    edited: (id, page) => {
      edits = [...within(edits, EDITS.windowMs), clock.monotonic()];
      note(id, page);
    },
    isShort: (channel) => {
      if (within(posts.get(channel) ?? [], POSTS.windowMs).length >= POSTS.paints) return true;
      for (const [id, at] of drafts) if (at <= clock.monotonic() - ABANDONED_MS) drafts.delete(id);
      return drafts.size + within(edits, EDITS.windowMs).length >= EDITS.paints;
    },
  };
}
