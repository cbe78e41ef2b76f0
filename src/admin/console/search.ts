import { html } from "hono/html";
import type { Admin, Listed, ListedConversation, ListedTurn } from "../admin.ts";
import { QueryError } from "../query/error.ts";
import type { Near } from "../near.ts";
import type { Field } from "../query/field.ts";
import { FIELDS } from "../query/fields.ts";
import { parseQuery, type Query } from "../query/query.ts";
import type { Viewer } from "../viewer.ts";
import { compiled } from "./compiled.ts";
import { deedLinks } from "./deeds.ts";
import type { Page } from "./layout.ts";
import { conversationsTable, turnsTable } from "./lists.ts";
import { type Asked, type Listing, explainPath, ROOT, searchPath } from "./paths.ts";
import { problemsOf } from "./problem.ts";
import { nearby } from "./near.ts";
import { counted, type Html } from "./words.ts";

export interface SearchDeps {
  readonly admin: Admin;
  readonly now: number;
}

/** What came of a search. */
export type Answer =
  | { readonly kind: "wrong"; readonly error: QueryError }
  | { readonly kind: "link" }
  | Found;

interface Found {
  readonly kind: "found";
  readonly query: Query;
  readonly plan: string;
  readonly list: Html;
  readonly shown: number;
  readonly next?: string;
  readonly near?: Near;
  /** What the viewer may do with what was found. */
  readonly deeds?: Html;
}

/** Somebody pasted an address of a message. */
const isLink = (q: string) => /^https?:\/\/\S+$/i.test(q.trim());

/** Asks, and tells a wrong query from what could not be asked. Throws what `Admin` throws, but for `QueryError`. */
export async function answerTo({ admin, now }: SearchDeps, viewer: Viewer, asked: Asked): Promise<Answer> {
  if (isLink(asked.q)) return { kind: "link" };
  const { q, show, after } = asked;
  const request = { query: q, ...(after !== undefined && { after }) };
  try {
    const query = parseQuery(q, now);
    const deeds = deedLinks(viewer, q);
    const found = (rows: Listed<ListedConversation> | Listed<ListedTurn>, list: Html): Found => ({
      kind: "found",
      query,
      // What it becomes is the same on every page.
      plan: admin.plan(viewer, { query: q }),
      list,
      shown: rows.rows.length,
      ...(rows.next !== undefined && { next: rows.next }),
      ...(rows.near && { near: rows.near }),
      ...(deeds && { deeds }),
    });
    if (show === "turns") {
      const turns = await admin.turns(viewer, request);
      return found(turns, turnsTable({ rows: turns.rows, asked, query, now }));
    }
    const conversations = await admin.conversations(viewer, request);
    return found(conversations, conversationsTable({ rows: conversations.rows, asked, query, now }));
  } catch (error) {
    if (error instanceof QueryError) return { kind: "wrong", error };
    throw error;
  }
}

/** What stands below the query. The script asks for it with every change of the query. */
export function resultsOf(answer: Answer, asked: Asked): Html {
  if (answer.kind === "wrong") return problemsOf(answer.error, (q) => searchPath({ q, show: asked.show }));
  if (answer.kind === "link")
    return html`<p class="empty">
      This is the address of a message.
      <a class="row-link" href="${explainPath(asked.q.trim())}">See what became of it</a>
    </p>`;
  const { shown, next, list, query, plan, deeds, near } = answer;
  return html`<p class="count" id="count">${countOf(answer, asked)}</p>
    ${shown === 0 ? nothing(asked, near) : list}
    ${
      next !== undefined &&
      html`<p class="next">
        <a rel="next" href="${searchPath({ ...asked, after: next })}">The next ones</a>
      </p>`
    }
    ${shown > 0 && deeds} ${compiled(query, plan)}`;
}

function countOf({ shown, next }: Found, { show, after }: Asked): string {
  const what = counted(shown, show === "turns" ? "turn" : "conversation");
  return `${after === undefined ? "" : "The next "}${what}${next === undefined ? "" : ", and there are more"}`;
}

function nothing({ q, show, after }: Asked, near: Near | undefined): Html {
  if (after !== undefined) return html`<p class="empty">There is nothing more.</p>`;
  if (q.trim() === "")
    return html`<p class="empty">
      No ${show} yet: when somebody asks the bot something, it is found here a moment later.
    </p>`;
  return html`<div class="empty">
    <p>
      No ${show} meet this query, among those that you may see.
      <a href="${searchPath({ q: "", show })}">See all</a>
    </p>
    ${nearby(near, (other) => searchPath({ q: other, show }))}
  </div>`;
}

const LISTINGS: readonly Listing[] = ["conversations", "turns"];

/** The page with the query, and what it finds. */
export function searchPage(answer: Answer, asked: Asked): Page {
  const { q, show } = asked;
  return {
    title: q === "" ? "Search" : q,
    tab: "Search",
    body: html`<h1 class="visually-hidden">Search</h1>
      ${queryForm(ROOT, asked)}
      <nav class="listings" aria-label="What is listed">
        ${LISTINGS.map(
          (one) =>
            html`<a
              href="${searchPath({ q, show: one })}"
              data-show="${one}"
              ${one === show ? html`aria-current="true"` : ""}
              >${one}</a
            >`,
        )}
      </nav>
      <div id="results" data-from="${ROOT}/results">${resultsOf(answer, asked)}</div>
      ${fieldHelp(asked)}`,
  };
}

/** The one query box. The script completes in it. */
export function queryForm(action: string, { q, show }: Asked, others: Html = html``): Html {
  return html`<form class="query" role="search" action="${action}" method="get">
    <label class="visually-hidden" for="query">Query</label>
    <div class="query-box">
      <input
        id="query"
        name="q"
        value="${q}"
        type="search"
        placeholder="refund channel:support after:7d, or the link of a message"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        maxlength="10000"
        data-complete="${ROOT}/complete"
        aria-describedby="query-hint"
      />
      <ul id="completions" role="listbox" aria-label="Completions" hidden></ul>
    </div>
    ${show === "turns" && html`<input type="hidden" name="show" value="turns" />`} ${others}
    <button>Search</button>
    <p id="query-hint" class="visually-hidden">
      Words are looked for in what was said. Fields, such as channel:support, narrow it down.
    </p>
  </form>`;
}

function fieldHelp({ show }: Asked): Html {
  const item = ({ name, meaning, example }: Field) =>
    html`<div>
      <dt><code>${name}:</code></dt>
      <dd>
        ${meaning}, as in <a href="${searchPath({ q: example, show })}"><code>${example}</code></a>
      </dd>
    </div>`;
  return html`<details class="help">
    <summary>What can be asked for</summary>
    <dl>${FIELDS.map(item)}</dl>
    <p>
      Several conditions have to be met together; <code>OR</code> and parentheses say otherwise, and a
      <code>-</code> before one says that it must not be met. <code>channel:a,b</code> is either,
      <code>channel:sup*</code> begins so, <code>topic:~refund</code> has it in it,
      <code>channel@then:old</code> is what it was called at the time.
    </p>
  </details>`;
}
