import { essence } from "./answers.ts";
import { type Books, openBooks } from "./books.ts";
import type { Ask, Evidence, Trouble, TurnRow } from "./evidence.ts";
import { checkFence } from "./fence.ts";
import { checkOrder } from "./order.ts";
import type { Fault, Violation } from "./violation.ts";

/** Everything that is wrong with a run, or nothing. Pure. */
export function check(evidence: Evidence): readonly Violation[] {
  const books = openBooks(evidence);
  return [
    ...evidence.asks.flatMap((ask) => checkAsk(evidence, books, ask)),
    ...checkUnasked(evidence),
    ...checkOrder(evidence, books),
    ...checkPosts(evidence),
    ...checkPages(evidence, books),
    ...checkStored(evidence),
    ...checkBudgets(evidence),
    ...checkFence(evidence),
  ];
}

/** A question and the turn that it became. */
interface Case {
  readonly ask: Ask;
  readonly turn: TurnRow;
}

const about = ({ number, where }: Ask, fault: Fault, what: string): Violation[] => [
  { fault, what, ask: number, where },
];

function checkAsk(evidence: Evidence, books: Books, ask: Ask): readonly Violation[] {
  const [turn, second] = books.turns(ask);
  if (!turn) return about(ask, "lost", `nobody stored question ${ask.number}`);
  if (second) return about(ask, "doubled", `question ${ask.number} is two turns`);
  if (turn.settledAt === undefined)
    return about(ask, "unsettled", `question ${ask.number} stays in state ${turn.state}`);
  return [...checkReply(evidence, books, { ask, turn }), ...checkCalls(evidence, { ask, turn })];
}

function checkReply(evidence: Evidence, books: Books, { ask, turn }: Case): readonly Violation[] {
  const posts = books.reply(ask);
  if (posts.length === 0)
    return about(ask, "lost", `nothing answers question ${ask.number}, which is settled`);
  if (posts.some(({ text }) => DRAFT.test(text)))
    return about(ask, "unfinished", `the reply to question ${ask.number} still looks like a draft`);
  if (turn.state !== "done") {
    const reason = `question ${ask.number} ended as ${turn.state}: ${turn.error ?? ""}`;
    return isExcused(evidence, turn) ? [] : about(ask, "failed for no reason", reason);
  }
  if (posts.some(({ buttons }) => buttons > 0))
    return about(ask, "unfinished", `the reply to question ${ask.number} still has a button`);
  const [shown, wanted] = [essence(posts.map(({ text }) => text).join("\n")), essence(ask.answer)];
  if (shown === wanted) return [];
  const fault = shown === wanted + wanted ? "doubled" : "wrong text";
  return about(ask, fault, `the reply to question ${ask.number} ${difference(shown, wanted)}`);
}

/** A draft's mark at the end. No answer of the model's has one. */
const DRAFT = /…\s*$/;

/** Where two texts part. */
function difference(shown: string, wanted: string): string {
  let same = 0;
  while (same < wanted.length && shown[same] === wanted[same]) same += 1;
  const rest = (text: string) => JSON.stringify(text.slice(same, same + 40));
  return `is not what the model wrote: after ${same} of ${wanted.length} letters, ${rest(shown)} in place of ${rest(wanted)}`;
}

/** What ends the work of a process, or of a database. */
const INTERRUPTS = /^(?:kill|freeze|restart|down|database|kept waiting)/;
/** What also may cost an answer of the model's, so that it has to be asked again. */
const CALLS_AGAIN = /^(?:kill|freeze|restart|down|database|telnyx|kept waiting)/;
/** As often as that a turn is taken up before it is given up. */
const MAX_TRIES = 5;

const between = (troubles: readonly Trouble[], from: number, to: number) =>
  troubles.filter(({ at, until }) => at <= to && until >= from);

/** A turn may say why there is no answer if the way to Telnyx was in trouble while it ran, or it was interrupted again and again. */
function isExcused({ troubles }: Evidence, { receivedAt, settledAt = Infinity }: TurnRow): boolean {
  const during = between(troubles, receivedAt, settledAt);
  const interruptions = during.filter(({ kind }) => INTERRUPTS.test(kind)).length;
  return during.some(({ kind }) => kind.startsWith("telnyx")) || interruptions >= MAX_TRIES;
}

/** One call to the model, and one more for each time that the turn was interrupted or an answer may have been lost. */
function checkCalls({ calls, troubles }: Evidence, { ask }: Case): readonly Violation[] {
  const times = calls.filter((call) => call.ask === ask.number).map(({ at }) => at);
  if (times.length <= 1) return [];
  const allowed = between(troubles, Math.min(...times), Math.max(...times)).filter(({ kind }) =>
    CALLS_AGAIN.test(kind),
  ).length;
  if (times.length - 1 <= allowed) return [];
  const what = `the model was asked question ${ask.number} ${times.length} times, with ${allowed} interruptions`;
  return about(ask, "asked too often", what);
}

/** Nothing is answered that nobody asked. */
function checkUnasked({ asks, turns }: Evidence): readonly Violation[] {
  const asked = new Set(asks.map(({ platform, id }) => `${platform} ${id}`));
  return turns
    .filter(({ platform, messageId }) => !asked.has(`${platform} ${messageId}`))
    .map(({ id, place }) => ({
      fault: "unasked",
      what: `turn ${id} answers what was not for the bot`,
      where: place,
    }));
}

/** Every message of the bot's has a row. */
function checkPosts({ posts, pages, turns }: Evidence): readonly Violation[] {
  const platformOf = new Map(turns.map(({ id, platform }) => [id, platform]));
  const known = new Set(pages.map(({ turn, id }) => `${platformOf.get(turn)} ${id}`));
  return posts
    .filter(({ platform, id }) => !known.has(`${platform} ${id}`))
    .map(({ where, id, text }) => ({
      fault: "orphaned",
      what: `the message ${id} is in no row: ${JSON.stringify(text.slice(0, 60))}`,
      where,
    }));
}

/** Every row has a message, and none of them the same. */
function checkPages({ turns, pages, asks }: Evidence, books: Books): readonly Violation[] {
  const turnOf = new Map(turns.map((turn) => [turn.id, turn]));
  const seen = new Set<unknown>();
  return pages.flatMap(({ turn: id, index, id: message }): Violation[] => {
    const turn = turnOf.get(id);
    const post = books.post(turn?.platform ?? "", message);
    const ask = asks.find((one) => one.platform === turn?.platform && one.id === turn.messageId);
    const isNew = post !== undefined && !seen.has(post);
    seen.add(post);
    if (isNew) return [];
    const what = `page ${index + 1} of turn ${id} ${post ? "shares its message with another page" : "has no message"}`;
    return [{ fault: "page without its post", what, ...(ask && { ask: ask.number, where: ask.where }) }];
  });
}

/**
 * A conversation at Telnyx holds a question once for each time that the model was asked it. Once more where it was given as history to a later
 * question before it was heard itself: the one has an idempotency key, the other cannot know of it.
 */
function checkStored({ stored, calls }: Evidence): readonly Violation[] {
  return [...Map.groupBy(stored, ({ conversation, ask }) => `${conversation} ${ask}`).values()].flatMap(
    (copies): Violation[] => {
      const [{ conversation, ask } = { conversation: "", ask: 0 }] = copies;
      const asked = calls.filter((call) => call.ask === ask).length;
      if (copies.length <= asked + 1) return [];
      const what = `the conversation ${conversation} holds question ${ask} ${copies.length} times; it was asked ${asked} times`;
      return [{ fault: "stored too often", what, ask }];
    },
  );
}

/** Who forgot what it drew, in a process that was killed, may draw once more: as long as the platforms count back. */
function checkBudgets({ overdrawn, troubles, windowMs }: Evidence): readonly Violation[] {
  return overdrawn
    .filter(({ at }) => !between(troubles, at - windowMs, at).some(({ kind }) => INTERRUPTS.test(kind)))
    .map(({ platform, what }) => ({
      fault: "overdrawn",
      what: `${platform} refused ${what}: too many calls`,
    }));
}
