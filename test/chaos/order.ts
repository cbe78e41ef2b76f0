import type { Books } from "./books.ts";
import type { Ask, Evidence, TurnRow } from "./evidence.ts";
import type { Fault, Violation } from "./violation.ts";

interface Placed {
  readonly ask: Ask;
  readonly turn: TurnRow;
  /** The positions of its first and its last page in the place. */
  readonly from: number;
  readonly to: number;
}

/** Replies stand in the order of their questions, and none begins before the one before it is whole. */
export function checkOrder(evidence: Evidence, books: Books): readonly Violation[] {
  return [...Map.groupBy(evidence.asks, (ask) => ask.where).values()].flatMap((asks) => {
    const replies = asks.toSorted((a, b) => a.number - b.number).flatMap((ask) => placed(books, ask));
    return replies.flatMap((later, at) =>
      replies.slice(0, at).flatMap((earlier) => checkPair(evidence, earlier, later)),
    );
  });
}

function placed(books: Books, ask: Ask): readonly Placed[] {
  const [turn] = books.turns(ask);
  const positions = books.reply(ask).map(({ position }) => position);
  if (!turn || positions.length === 0) return [];
  return [{ ask, turn, from: Math.min(...positions), to: Math.max(...positions) }];
}

function checkPair(evidence: Evidence, earlier: Placed, later: Placed): readonly Violation[] {
  const say = (fault: Fault, how: string): Violation[] => [
    {
      fault,
      what: `the replies to questions ${earlier.ask.number} and ${later.ask.number} ${how}`,
      ask: later.ask.number,
      where: later.ask.where,
    },
  ];
  if (earlier.from < later.to && later.from < earlier.to) return say("interleaved", "overlap");
  if (earlier.from < later.from || mayOvertake(evidence, earlier, later)) return [];
  return say("out of order", "are in the wrong order");
}

/** A question that reached the bot only after a later one was taken up could not come first; but something must have kept it so long. */
function mayOvertake(evidence: Evidence, { ask, turn }: Placed, later: Placed): boolean {
  // Mailboxes go by milliseconds: what was said in one is stored in the order in which it is heard.
  if (later.ask.at - ask.at <= 1) return true;
  if (turn.receivedAt < (later.turn.takenUpAt ?? Infinity)) return false;
  if (ask.heldBack || later.ask.at - ask.at < evidence.sameTimeMs) return true;
  return evidence.troubles.some(({ at, until }) => at <= turn.receivedAt && until >= ask.at);
}
