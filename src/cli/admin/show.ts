import type { ListedConversation, ListedTurn } from "../../admin/admin.ts";
import { calledInFull, heardFrom } from "../../admin/called.ts";
import type { ExplainedMessage } from "../../admin/explain.ts";
import { inert, inertLines } from "../../admin/inert.ts";
import { PatchcordError } from "../../errors.ts";
import type { ConversationKey } from "../../store/archive.ts";
import { idOf, keyOf, secondsOf, timeOf } from "./columns.ts";

import type { Session } from "./lists.ts";
import { bold, type Terminal } from "./output.ts";

/** Prints a conversation, by its id or by a query that finds it alone. Throws `not_found`, `ambiguous`, and what `Admin` throws. */
export async function show(
  session: Session<"show" | "conversations">,
  asked: string,
  json: boolean,
): Promise<void> {
  const { admin, viewer, to } = session;
  const key = keyOf(asked) ?? (await onlyOne(session, asked));
  let after: string | undefined;
  let begun = false;
  const turns: ListedTurn[] = [];
  do {
    const part = await admin.show(viewer, key, after === undefined ? {} : { after });
    if (!part) throw new PatchcordError("not_found", `There is no conversation ${inert(asked)}.`);
    if (json) turns.push(...part.turns);
    else {
      if (!begun) to.write(headOf(part.conversation, to));
      for (const turn of part.turns) to.write(saidIn(turn, to));
      await to.taken();
    }
    [begun, after] = [true, part.next];
    if (json && after === undefined)
      to.write(`${JSON.stringify({ conversation: part.conversation, turns }, undefined, 2)}\n`);
  } while (after !== undefined);
}

async function onlyOne({ admin, viewer }: Session<"conversations">, query: string): Promise<ConversationKey> {
  const { rows } = await admin.conversations(viewer, { query, limit: 2 });
  const [found, other] = rows;
  if (!found) throw new PatchcordError("not_found", "No conversation meets this query.");
  if (other)
    throw new PatchcordError(
      "ambiguous",
      "Several conversations meet this query: list them, and show one by its id.",
    );
  return found;
}

function headOf(conversation: ListedConversation, to: Terminal): string {
  const { platform, startedAt, startedByName, telnyxId, link, held } = conversation;
  const facts = [
    `${platform} · ${idOf(conversation)}`,
    `begun ${timeOf(startedAt)} UTC by ${startedByName}`,
    telnyxId === undefined ? "not at Telnyx" : `Telnyx ${telnyxId}`,
    ...(link === undefined ? [] : [link]),
    ...(held ? ["on hold: nothing of it is forgotten"] : []),
  ];
  return [bold(calledInFull(conversation), to), ...facts.map(inert), ""].join("\n");
}

function saidIn(turn: ListedTurn, to: Terminal): string {
  const head = bold(inert(`${timeOf(turn.receivedAt)}  ${turn.userName}`), to);
  const { content } = turn;
  const unseen =
    turn.status === "forgotten" ? "(forgotten)" : turn.readable ? "(nothing yet)" : "(not yours to read)";
  const question = content ? inertLines(content.question) : [unseen];
  const facts = [turn.status, turn.model, turn.error, secondsOf(turn.complete)].filter(
    (fact) => fact !== undefined && fact !== "",
  );
  const answer =
    content?.answer === undefined ? [] : inertLines(content.answer).map((line) => `  ${line}`.trimEnd());
  return `\n${[head, ...question, `  [${inert(facts.join(", "))}]`, ...answer].join("\n")}\n`;
}

function heardLine(message: ExplainedMessage): string {
  const { sentAt, link } = message;
  const facts = [heardFrom(message), ...(sentAt === undefined ? [] : [`${timeOf(sentAt)} UTC`]), link ?? []];
  return `  ${inert(facts.flat().join(", "))}`;
}

const OUTCOMES = { decides: "→", passes: " ", not_tried: "·" } as const;

/** Prints what became of a message. Throws what `Admin` throws. */
export async function explain(
  { admin, viewer, to }: Session<"explain">,
  link: string,
  json: boolean,
): Promise<void> {
  const explanation = await admin.explain(viewer, link);
  if (json) return to.write(`${JSON.stringify(explanation, undefined, 2)}\n`);
  const { answered, rules, turn, conversation, given, settings, gaps } = explanation;
  const lines = [
    bold(answered ? "It was answered." : "It was not answered.", to),
    ...rules.map(({ says, outcome }) => `${OUTCOMES[outcome]} ${inert(says)}`),
    ...(conversation
      ? ["", inert(`Conversation: ${calledInFull(conversation)} (${idOf(conversation)})`)]
      : []),
    ...(given
      ? [
          `Given before it: ${given.earlierTurns} turns, and ${given.heard} messages that were heard`,
          ...given.messages.map(heardLine),
        ]
      : []),
    ...(given?.input === undefined ? [] : ["Given:", ...inertLines(given.input).map((line) => `  ${line}`)]),
    ...Object.entries(settings).map(([name, value]) => inert(`${name}: ${value}`)),
    ...gaps.map((gap) => inert(`Not known: ${gap}`)),
  ];
  to.write(`${lines.join("\n")}\n${turn ? saidIn(turn, to) : ""}`);
}
