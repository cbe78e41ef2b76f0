import { html } from "hono/html";
import type { Entry, Verdict } from "../../store/audit.ts";
import type { Audited } from "../audit.ts";
import type { Page } from "./layout.ts";
import { ROOT, withQuery } from "./paths.ts";
import { counted, type Html, moment } from "./words.ts";
import { nameOr, shortened } from "../shortened.ts";

export const AUDIT = `${ROOT}/audit`;

export interface AuditAsked {
  /** Empty: whoever. */
  readonly who: string;
  /** Empty: whatever. */
  readonly what: string;
}

/** What was looked at and done, the newest first. */
export function auditPage({ rows, next }: Audited, asked: AuditAsked, now: number): Page {
  const { who, what } = asked;
  return {
    title: "Audit",
    tab: "Audit",
    body: html`<h1>Audit</h1>
      <p class="quiet">
        Who looked at what, and did what. Each entry follows from the one before:
        <a href="${AUDIT}/verify">verify that none was changed</a>.
      </p>
      <form class="filter" action="${AUDIT}" method="get">
        <label
          >Who
          <input name="who" value="${who}" placeholder="slack:T1:U1" autocomplete="off" spellcheck="false"
        /></label>
        <label
          >What <input name="what" value="${what}" placeholder="export" autocomplete="off" spellcheck="false"
        /></label>
        <button>Show</button>
      </form>
      ${rows.length === 0 ? html`<p class="empty">${who === "" && what === "" ? "Nothing was looked at or done yet." : "There is no such entry."}</p>` : table(rows, now)}
      ${next !== undefined && html`<p class="next"><a rel="next" href="${withQuery(AUDIT, { ...(who !== "" && { who }), ...(what !== "" && { what }), after: next })}">Earlier ones</a></p>`}`,
  };
}

function table(rows: readonly Entry[], now: number): Html {
  return html`<div class="table-scroll" tabindex="0" role="group" aria-label="Entries">
    <table class="sums audit">
      <thead>
        <tr>
          <th scope="col">Entry</th>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">Through</th>
          <th scope="col">What</th>
          <th scope="col" class="figure">Rows</th>
          <th scope="col">Asked for</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (entry) =>
            html`<tr>
              <th scope="row">${entry.seq}</th>
              <td>${moment(entry.at, now)}</td>
              <td><bdi>${nameOr(entry.who, "")}</bdi></td>
              <td>${entry.via}</td>
              <td>${entry.what}${entry.about !== undefined && html` of ${entry.about}`}</td>
              <td class="figure">${entry.rows}</td>
              <td class="asked">${contentOf(entry)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function contentOf({ what, content, about }: Entry): Html | string {
  if (content === undefined) return html`<i class="quiet">erased</i>`;
  // An end has its begin's, and who signs in asks for nothing yet.
  const asksNothing = about !== undefined || what === "sign_in";
  if (content === "") return asksNothing ? "" : html`<i class="quiet">everything</i>`;
  return html`<code dir="ltr">${shortened(content, 300)}</code>`;
}

/** Whether the audit is as it was written. */
export function verdictPage(verdict: Verdict): Page {
  return {
    title: "Audit",
    tab: "Audit",
    body: html`<h1>${verdict.kind === "whole" ? "The audit is whole" : "The audit was changed"}</h1>
      ${verdict.kind === "whole" ? whole(verdict) : html`<p class="state is-broken">At entry ${verdict.seq}, ${verdict.why}. What comes before it is as it was written.</p>`}
      <p><a href="${AUDIT}">To its entries</a></p>`,
  };
}

function whole({ entries, erased, head }: Extract<Verdict, { kind: "whole" }>): Html {
  return html`<p>
      ${counted(entries, "entry", "entries")}, each as it was
      written${erased > 0 && html`; of ${erased} what was asked for was erased, and that it was is sure`}.
    </p>
    ${
      head &&
      html`<p>
          Note this elsewhere. <code>patchcord audit verify --head</code> then tells also if all of it was
          made anew:
        </p>
        <pre class="given" tabindex="0">${head.seq}:${head.hash}</pre>`
    }`;
}
