import { html } from "hono/html";
import { printQuery, type Query } from "../query/query.ts";
import { toTelnyx } from "../query/telnyx.ts";
import type { Html } from "./words.ts";

/** What a query becomes: as it was understood, as a statement for the index, and as filters for Telnyx. */
export function compiled(query: Query, plan: string): Html {
  const { where, or, after, unknown } = toTelnyx(query.where);
  const line = ({ column, operator, value }: (typeof where)[number]) => `${column} ${operator} ${value}`;
  const filters = [...where.map(line), ...(or.length > 0 ? [`one of: ${or.map(line).join(" | ")}`] : [])];
  const understood = printQuery(query);
  return html`<details class="compiled">
    <summary>What this query becomes</summary>
    <dl>
      <dt>As it was understood</dt>
      <dd><code>${understood === "" ? "everything" : understood}</code></dd>
      <dt>In the index</dt>
      <dd><pre tabindex="0">${plan}</pre></dd>
      <dt>At Telnyx</dt>
      <dd>
        <pre tabindex="0">
${filters.length === 0 ? "no filter: all conversations are listed" : filters.join("\n")}</pre>
        ${after.length > 0 && html`<p>What the filters do not say is looked at when the list has come.</p>`}
        ${unknown.length > 0 && html`<p>Telnyx does not know of: ${unknown.join(", ")}.</p>`}
      </dd>
    </dl>
  </details>`;
}
