import { html } from "hono/html";
import { readsAll, type Viewer } from "../viewer.ts";
import type { Page } from "./layout.ts";
import { ROOT } from "./paths.ts";
import { counted, duration, type Html, moment, titled } from "./words.ts";
import { nameOr } from "../shortened.ts";

export const HEALTH = `${ROOT}/health`;

/** How the process is that serves this page. */
export interface Vitals {
  /** It has started, and is not stopping. */
  readonly ready: boolean;
  /** What is wrong, in sentences for the operator. */
  readonly problems: readonly string[];
  /** In milliseconds since the epoch. */
  readonly startedAt: number;
  readonly budgets: readonly PaintBudget[];
}

/** How many paints a platform allows in a scope, and how many were made. */
export interface PaintBudget {
  readonly platform: string;
  readonly per: string;
  readonly scope: string;
  readonly covers: readonly string[];
  readonly drawn: number;
  readonly paints: number;
  readonly windowMs: number;
  readonly live: number;
  readonly heldForMs: number;
}

/** Budgets name places: they are for who may see all of these. */
export const seesHealth = (viewer: Viewer) => viewer.rights.has("read") && readsAll(viewer);

/** So many budgets are told, those first of which least is left. */
const MOST = 200;

export function healthPage({ ready, problems, startedAt, budgets }: Vitals, now: number): Page {
  const isWell = ready && problems.length === 0;
  return {
    title: "Health",
    tab: "Health",
    body: html`<h1>Health</h1>
      <p class="state ${isWell ? "is-open" : "is-broken"}">
        ${isWell ? "All is well." : ready ? `${counted(problems.length, "problem")}:` : "It is starting or stopping."}
      </p>
      ${
        problems.length > 0 &&
        html`<ul class="lines">
          ${problems.map((problem) => html`<li>${problem}</li>`)}
        </ul>`
      }
      <p class="quiet">
        This process has run since ${moment(startedAt, now)}, for ${duration(Math.max(0, now - startedAt))}.
        <a href="/metrics">Figures for Prometheus</a>
      </p>
      <section aria-labelledby="budgets-title">
        <h2 id="budgets-title">Paint budgets</h2>
        ${budgets.length === 0 ? html`<p class="empty">No reply was painted lately: every budget is whole.</p>` : budgetTable(budgets)}
      </section>`,
  };
}

const fullness = ({ drawn, paints, heldForMs }: PaintBudget) => (heldForMs > 0 ? Infinity : drawn / paints);

function budgetTable(budgets: readonly PaintBudget[]): Html {
  const sorted = [...budgets].sort((a, b) => fullness(b) - fullness(a));
  return html`<p class="quiet">What the platforms allow, and what this process used of it.</p>
    <div class="table-scroll" tabindex="0" role="group" aria-label="Paint budgets">
      <table class="sums">
        <thead>
          <tr>
            <th scope="col">Where</th>
            <th scope="col">What</th>
            <th scope="col">Used</th>
            <th scope="col" class="figure">Replies</th>
            <th scope="col">Shut</th>
          </tr>
        </thead>
        <tbody>
          ${sorted.slice(0, MOST).map(budgetRow)}
        </tbody>
      </table>
    </div>
    ${sorted.length > MOST && html`<p class="quiet">${sorted.length - MOST} more have more left than these.</p>`}`;
}

function budgetRow(budget: PaintBudget): Html {
  const { platform, per, scope, covers, drawn, paints, windowMs, live, heldForMs } = budget;
  const used = `${drawn} of ${paints} in ${duration(windowMs)}`;
  return html`<tr>
    <th scope="row">
      ${titled(platform)}${scope !== platform && html`, ${per} <bdi>${nameOr(scope, "?")}</bdi>`}
    </th>
    <td>${covers.map((kind) => kind.replaceAll("_", " ")).join(", ")}</td>
    <td>
      <meter min="0" max="${paints}" high="${paints * 0.8}" value="${drawn}" aria-label="${used}"></meter>
      ${used}
    </td>
    <td class="figure">${live}</td>
    <td>${heldForMs > 0 && html`<span class="mark is-failed">for ${duration(heldForMs)}</span>`}</td>
  </tr>`;
}
