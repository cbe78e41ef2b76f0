import { html } from "hono/html";
import type { Sum } from "../../store/sums.ts";
import { count, duration, type Html, money } from "./words.ts";

export interface SumsTable {
  readonly label: string;
  /** What the rows are of. */
  readonly head: string;
  readonly rows: readonly { readonly name: Html | string; readonly sum: Sum }[];
  /** What all of them come to. */
  readonly total?: Sum;
}

const HEADS = ["Turns", "Conversations", "People", "Failed", "Tokens", "Spend", "First text", "Complete"];

/** Sums, a row each. Times are medians, with the 95th hundredth behind them. */
export function sumsTable({ label, head, rows, total }: SumsTable): Html {
  return html`<div class="table-scroll" tabindex="0" role="group" aria-label="${label}">
    <table class="sums">
      <thead>
        <tr>
          <th scope="col">${head}</th>
          ${HEADS.map((name) => html`<th scope="col" class="figure">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(({ name, sum }) => row(name, sum))}
      </tbody>
      ${
        total &&
        html`<tfoot>
          ${row("All", total)}
        </tfoot>`
      }
    </table>
  </div>`;
}

function row(name: Html | string, sum: Sum): Html {
  const cells = [
    count(sum.turns),
    count(sum.conversations),
    count(sum.people),
    sum.failed === 0 ? "0" : html`<span class="mark is-failed">${count(sum.failed)}</span>`,
    count(sum.tokens),
    sum.cost === undefined ? "" : money(sum.cost),
    times(sum.firstText),
    times(sum.complete),
  ];
  return html`<tr>
    <th scope="row">${name}</th>
    ${cells.map((cell) => html`<td class="figure">${cell}</td>`)}
  </tr>`;
}

const times = (time: Sum["complete"]) =>
  time === undefined ? "" : `${duration(time.median)} · ${duration(time.p95)}`;
