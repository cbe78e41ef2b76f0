import { html } from "hono/html";
import type { ConversationKey } from "../../store/archive.ts";
import type { Forgotten } from "../forget.ts";
import { forgottenLine } from "../forgotten-line.ts";
import { quote } from "../query/print.ts";
import type { Right, Viewer } from "../viewer.ts";
import { EXPORT_FORMATS, type ExportFormat } from "../written.ts";
import type { Page } from "./layout.ts";
import { ROOT, withQuery } from "./paths.ts";
import { counted, type Html } from "./words.ts";

/** What can be done with what a query finds. */
const DEEDS: readonly { readonly right: Right; readonly path: string; readonly label: string }[] = [
  { right: "export", path: `${ROOT}/export`, label: "Export" },
  { right: "hold", path: `${ROOT}/hold`, label: "Hold" },
  { right: "forget", path: `${ROOT}/forget`, label: "Forget" },
];

/** Ways to do something with what the query finds, as far as the viewer has the right to. None: nothing. */
export function deedLinks({ rights }: Viewer, q: string): Html | undefined {
  const shown = DEEDS.filter(({ right }) => rights.has(right));
  if (shown.length === 0) return undefined;
  return html`<nav class="deeds" aria-label="What can be done with these">
    ${shown.map(({ path, label }) => html`<a class="button" href="${withQuery(path, { q })}">${label}…</a> `)}
  </nav>`;
}

/** The query that finds that conversation alone. */
export const queryOf = ({ place, generation }: ConversationKey) =>
  `place:${quote(place)} generation:${generation}`;

/** What a form of a deed is about. */
export interface Deed {
  readonly q: string;
  readonly csrf: string;
}

function hidden({ q, csrf }: Deed): Html {
  return html`<input type="hidden" name="csrf" value="${csrf}" /><input
      type="hidden"
      name="q"
      value="${q}"
    />`;
}

function about(q: string): Html {
  return q === ""
    ? html`<p>It is about <b>everything</b> that you may see.</p>`
    : html`<p>It is about what meets this query: <code class="pointed" dir="ltr">${q}</code></p>`;
}

const FORMAT_LABELS: Readonly<Record<ExportFormat, string>> = {
  jsonl: "JSON, a conversation a line",
  csv: "CSV, a turn a row",
  markdown: "Markdown, to be read",
};

export function exportPage(deed: Deed): Page {
  return {
    title: "Export",
    tab: "Search",
    body: html`<h1>Export</h1>
      ${about(deed.q)}
      <form class="deed" method="post" action="${ROOT}/export">
        ${hidden(deed)}
        <fieldset>
          <legend>Written as</legend>
          ${EXPORT_FORMATS.map(
            (name, index) =>
              html`<label
                ><input type="radio" name="format" value="${name}" ${index === 0 ? html`checked` : ""} />
                ${FORMAT_LABELS[name]}</label
              >`,
          )}
        </fieldset>
        <label
          ><input type="checkbox" name="redact" value="yes" checked /> With pseudonyms for names, and without
          what the configured patterns find</label
        >
        <p><button class="is-first">Export</button></p>
        <p class="quiet">What you may not read is left out. That it was exported stands in the audit.</p>
      </form>`,
  };
}

/** `held`: how many are, when it was done. */
export function holdPage(deed: Deed, done?: { readonly held: boolean; readonly count: number }): Page {
  return {
    title: "Hold",
    tab: "Search",
    body: html`<h1>Hold</h1>
      ${done && html`<p class="state is-held" role="status">${counted(done.count, "conversation")} ${done.count === 1 ? "is" : "are"} ${done.held ? "on hold" : "no longer on hold"}.</p>`}
      ${about(deed.q)}
      <p>What is on hold is not forgotten, whoever asks for it, and however old it is.</p>
      <form class="deed" method="post" action="${ROOT}/hold">
        ${hidden(deed)}
        <p>
          <button class="is-first" name="held" value="yes">Hold it</button>
          <button name="held" value="no">Hold it no longer</button>
        </p>
      </form>`,
  };
}

/** What would be forgotten, before it is. `more`: there are others that are not listed. */
export interface Foreseen {
  readonly lines: readonly Forgotten[];
  readonly more: boolean;
}

export function forgetPage(deed: Deed, foreseen: Foreseen | undefined): Page {
  return {
    title: "Forget",
    tab: "Search",
    body: html`<h1>Forget</h1>
      <form class="query" action="${ROOT}/forget" method="get">
        <label class="visually-hidden" for="query">What is to be forgotten</label>
        <div class="query-box">
          <input
            id="query"
            name="q"
            value="${deed.q}"
            type="search"
            required
            maxlength="10000"
            spellcheck="false"
            autocomplete="off"
            autocapitalize="off"
            placeholder="What is to be forgotten"
          />
        </div>
        <button>Look</button>
      </form>
      ${foreseen && whatFollows(deed, foreseen)}`,
  };
}

function whatFollows(deed: Deed, { lines, more }: Foreseen): Html {
  if (lines.length === 0) return html`<p class="empty">Nothing meets this query, among what you may see.</p>`;
  const turns = lines.reduce((sum, one) => sum + one.turns, 0);
  return html`<p class="foreseen">
      ${more && "More than "}${counted(turns, "turn")} in ${counted(lines.length, "conversation")}:
    </p>
    <ul class="lines" tabindex="0" role="list" aria-label="What would be forgotten">
      ${lines.map((line) => html`<li><bdi>${forgottenLine(line)}</bdi></li>`)}
      ${more && html`<li>and more</li>`}
    </ul>
    <form class="deed" method="post" action="${ROOT}/forget">
      ${hidden(deed)}
      <p>
        What was said is erased here, and the conversations are deleted at Telnyx. Nobody can bring it back.
      </p>
      <label
        ><input type="checkbox" name="sure" value="yes" required /> I want all of it to be forgotten</label
      >
      <p><button class="is-grave">Forget it</button></p>
    </form>`;
}
