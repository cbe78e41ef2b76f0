import { html } from "hono/html";
import type { Sort } from "../../store/archive.ts";
import type { ListedConversation, ListedTurn } from "../admin.ts";
import { printQuery, type Query } from "../query/query.ts";
import { shortened } from "../shortened.ts";
import { type Asked, conversationPath, searchPath } from "./paths.ts";
import { unsaid } from "./said.ts";
import { statusOf } from "./status.ts";
import {
  calledHtml,
  count,
  counted,
  duration,
  type Html,
  kindOf,
  moment,
  money,
  named,
  titled,
} from "./words.ts";

/** A list, and what its heads need to sort it. */
export interface List<Row> {
  readonly rows: readonly Row[];
  readonly asked: Asked;
  readonly query: Query;
  readonly now: number;
}

interface Head {
  readonly name: string;
  /** Absent: it cannot be sorted by. */
  readonly by?: Sort["by"];
  /** Figures stand at the right. */
  readonly figure?: boolean;
}

const CONVERSATION_HEADS: readonly Head[] = [
  { name: "Where" },
  { name: "Begun by" },
  { name: "Started", by: "started" },
  { name: "Active", by: "active" },
  { name: "Turns", by: "turns", figure: true },
  { name: "Tokens", by: "tokens", figure: true },
  { name: "Cost", by: "cost", figure: true },
];
const TURN_HEADS: readonly Head[] = [
  { name: "Asked", by: "started" },
  { name: "Question" },
  { name: "Status" },
  { name: "Tokens", by: "tokens", figure: true },
  { name: "Cost", by: "cost", figure: true },
  { name: "Took", by: "complete", figure: true },
];

/** Roles are said, because on a phone the rows are no table any more to a browser. */
function table<Row>(
  list: List<Row>,
  { label, heads, row }: { label: string; heads: readonly Head[]; row: (row: Row) => Html },
): Html {
  return html`<table class="list" role="table" aria-label="${label}">
    <thead role="rowgroup">
      <tr role="row">
        ${heads.map((head) => headCell(head, list))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${list.rows.map(row)}
    </tbody>
  </table>`;
}

function headCell({ name, by, figure }: Head, { query, asked }: List<unknown>): Html {
  const kind = figure === true ? "figure" : "";
  if (by === undefined) return html`<th role="columnheader" scope="col" class="${kind}">${name}</th>`;
  const isCurrent = query.sort.by === by;
  const direction = isCurrent && query.sort.direction === "desc" ? "asc" : "desc";
  const sorted = isCurrent ? (query.sort.direction === "asc" ? "ascending" : "descending") : "none";
  const q = printQuery({ ...query, sort: { by, direction } });
  return html`<th role="columnheader" scope="col" class="${kind}" aria-sort="${sorted}">
    <a href="${searchPath({ q, show: asked.show })}">${name}</a>
  </th>`;
}

export function conversationsTable(list: List<ListedConversation>): Html {
  const row = (one: ListedConversation) => conversationRow(one, list.now);
  return table(list, { label: "Conversations", heads: CONVERSATION_HEADS, row });
}

function conversationRow(one: ListedConversation, now: number): Html {
  return html`<tr role="row">
    <td role="cell" class="main">
      <a class="row-link" href="${conversationPath(one)}">${calledHtml(one)}</a>
      ${marks(one)}
      <span class="beneath"
        >${named(one.workspaceName, one.workspaceId)} ·
        ${titled(one.platform)}${one.generation > 1 ? ` · conversation ${one.generation} here` : ""}</span
      >
    </td>
    <td role="cell" class="who">${named(one.startedByName, one.startedById)}</td>
    <td role="cell" class="lesser">${moment(one.startedAt, now)}</td>
    <td role="cell">${moment(one.activeAt, now)}</td>
    <td role="cell" class="figure">
      ${count(one.turns)}<span class="unit"> ${one.turns === 1 ? "turn" : "turns"}</span>
    </td>
    <td role="cell" class="figure lesser">${count(one.tokens)}</td>
    <td role="cell" class="figure">${one.cost === undefined ? "" : money(one.cost)}</td>
  </tr>`;
}

function marks({ open, failed, held, readable, ...place }: ListedConversation): Html {
  const kind = place.channelKind === "private" ? kindOf(place) : "";
  return html`${kind !== "" && html`<span class="mark">${kind}</span>`}
  ${open > 0 && html`<span class="mark is-open">Being answered</span>`}
  ${failed > 0 && html`<span class="mark is-failed">${counted(failed, "failure")}</span>`}
  ${held && html`<span class="mark is-held">On hold</span>`}
  ${!readable && html`<span class="mark">Not yours to read</span>`}`;
}

export function turnsTable(list: List<ListedTurn>): Html {
  const row = (one: ListedTurn) => turnRow(one, list.now);
  return table(list, { label: "Turns", heads: TURN_HEADS, row });
}

const LONGEST_EXCERPT = 160;

function turnRow(turn: ListedTurn, now: number): Html {
  const { content, usage } = turn;
  const said = content === undefined ? unsaid(turn) : shortened(content.question, LONGEST_EXCERPT);
  // Its name says already who asked.
  const isDm = turn.channelKind === "dm";
  const tokens = usage && (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
  return html`<tr role="row">
    <td role="cell">${moment(turn.receivedAt, now)}</td>
    <td role="cell" class="main">
      <a
        class="row-link ${content ? "" : "is-unsaid"}"
        href="${conversationPath(turn, { turn: turn.id })}"
        dir="auto"
        >${said === "" ? "(no words)" : said}</a
      >
      <span class="beneath"
        >${isDm ? "" : html`${named(turn.userName, turn.userId)} in `}${calledHtml(turn)}</span
      >
    </td>
    <td role="cell">${statusOf(turn)}</td>
    <td role="cell" class="figure lesser">${tokens === undefined ? "" : count(tokens)}</td>
    <td role="cell" class="figure">${turn.cost === undefined ? "" : money(turn.cost)}</td>
    <td role="cell" class="figure">${turn.complete === undefined ? "" : duration(turn.complete)}</td>
  </tr>`;
}
