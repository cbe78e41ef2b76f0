import type { MessageId, Place } from "../chat/place.ts";
import type { Page } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { EDITS, POSTS } from "./format.ts";
import { decodePlace } from "./place.ts";

/** What this process posts and edits beside its streams. */
export interface Traffic {
  /** A page is about to be posted; call what is returned once the call was answered. */
  posting(place: Place): () => void;
  posted(place: Place, id: MessageId, page: Page): void;
  edited(id: MessageId, page: Page): void;
  /**
   * How many of a minute's edits there are for a reply that is posted in the channel now, its share beside those that are edited already and have to
   * end. 0 or less: it would have to wait for its own ending, or for its first text.
   */
  editsFor(channel: string): number;
}

/** A draft that was not painted for so long is nobody's any more: no request to the model takes longer. */
const ABANDONED_MS = 1_800_000;

export function createTraffic(clock: Pick<Clock, "monotonic">): Traffic {
  const posts = new Map<string, readonly number[]>();
  /** When each message was last painted that has to be edited at least once more. */
  const drafts = new Map<MessageId, number>();
  const underWay = new Set<{ readonly channel: string }>();
  let edits: readonly number[] = [];

  const within = (times: readonly number[], ms: number) => times.filter((at) => at > clock.monotonic() - ms);
  const note = (id: MessageId, page: Page) => {
    drafts.delete(id);
    if (!page.final) drafts.set(id, clock.monotonic());
  };
  return {
    posting: (place) => {
      const post = decodePlace(place);
      underWay.add(post);
      return () => void underWay.delete(post);
    },
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
    editsFor: (channel) => {
      const there = Array.from(underWay).filter((post) => post.channel === channel);
      if (within(posts.get(channel) ?? [], POSTS.windowMs).length + there.length >= POSTS.paints) return 0;
      for (const [id, at] of drafts) if (at <= clock.monotonic() - ABANDONED_MS) drafts.delete(id);
      const others = drafts.size + underWay.size;
      return (EDITS.paints - within(edits, EDITS.windowMs).length - others) / (others + 1);
    },
  };
}
