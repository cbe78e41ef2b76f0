import type { PageLimits } from "../src/reply/measure.ts";
import { createPager, type Pager } from "../src/reply/pages.ts";
import { advance, newReply, type Reply } from "../src/reply/reply.ts";

export interface Paging {
  readonly short: number;
  readonly long: number;
  /** Processor time of `pagesOf` for each delta, in microseconds, the median: behind so many UTF-16 units of text. */
  readonly shortUs: number;
  readonly longUs: number;
  readonly ratio: number;
  /** The same with what JavaScript takes to put the text together from its deltas, which is copied whole. */
  readonly joinedRatio: number;
  /** Cutting the long text at once, in microseconds for each 1,000 units. */
  readonly wholeUs: number;
}

const SAMPLE =
  "A sentence with **bold** and `code`, and [a link](https://example.com).\n\n- item\n- item\n\n";
const DELTAS = 400;

/** What a delta costs at the end of a short and of a long reply. */
export function paging(limits: PageLimits, short: number, long: number): Paging {
  const near = deltasAt(limits, short);
  const far = deltasAt(limits, long);
  return {
    short,
    long,
    shortUs: near.pagingUs,
    longUs: far.pagingUs,
    ratio: far.pagingUs / near.pagingUs,
    joinedRatio: far.joinedUs / near.joinedUs,
    wholeUs: (far.wholeMs * 1_000) / (long / 1_000),
  };
}

function deltasAt(limits: PageLimits, length: number) {
  const text = SAMPLE.repeat(Math.ceil(length / SAMPLE.length)).slice(0, length);
  const pager = createPager(limits);
  const began = performance.now();
  let reply: Reply = newReply({ text });
  pager.pagesOf(reply);
  const wholeMs = performance.now() - began;
  reply = toNextPage(pager, reply);

  const paged: number[] = [];
  const joined: number[] = [];
  for (let delta = 0; delta < DELTAS; delta += 1) {
    const before = performance.now();
    reply = advance(reply, { kind: "text", delta: " word" });
    flatten(reply.text);
    pager.pagesOf(reply);
    const between = performance.now();
    // To copy five megabytes empties the processor's caches, which is no cost of paging's: so a second look at the same state counts.
    pager.pagesOf(reply);
    paged.push(performance.now() - between);
    joined.push(between - before);
  }
  return { wholeMs, pagingUs: median(paged) * 1_000, joinedUs: median(joined) * 1_000 };
}

/** What a delta costs depends on how much its page holds: so both begin with a new one. */
function toNextPage(pager: Pager, reply: Reply): Reply {
  const count = pager.pagesOf(reply).length;
  let grown = reply;
  while (pager.pagesOf(grown).length === count) grown = advance(grown, { kind: "text", delta: SAMPLE });
  return grown;
}

/** A text that was put together by `+` is copied into one piece when it is first read. */
const flatten = (text: string) => text.codePointAt(text.length - 1);

const median = (values: number[]) =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
