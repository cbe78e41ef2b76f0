import { html } from "hono/html";
import type { Sum } from "../../store/sums.ts";
import type { Usage } from "../admin.ts";
import { quote } from "../query/print.ts";
import { sumCalled } from "../called.ts";
import { chartFigure, shortDay } from "./chart.ts";
import type { Page } from "./layout.ts";
import { nearby } from "./near.ts";
import { ROOT, searchPath, withQuery } from "./paths.ts";
import { type Range, rangePicker, stepOf, stepsIn } from "./range.ts";
import { queryForm } from "./search.ts";
import { sumsTable } from "./sums-table.ts";
import { count, counted, duration, type Html, money, moneyRoughly } from "./words.ts";

/** What a page of sums is about. */
export interface Asking {
  readonly q: string;
  readonly range: Range;
  readonly now: number;
}

export interface Figures {
  readonly steps: Usage;
  readonly channels: readonly Sum[];
}

export const USAGE = `${ROOT}/usage`;

/** Turns, spend, failures and latency over time and by channel. */
export function usagePage(asking: Asking, { steps, channels }: Figures): Page {
  return usageFrame(
    asking,
    steps.total.turns === 0
      ? html`<div class="empty">
          <p>No turns in these ${asking.range} days meet this query, among those that you may see.</p>
          ${nearby(steps.near, (q) => withQuery(USAGE, { q, days: String(asking.range) }))}
        </div>`
      : html`${charts(asking, steps)}
          <details class="figures">
            <summary>The figures by ${stepOf(asking.range)}</summary>
            ${sumsTable({ label: "By time", head: stepOf(asking.range) === "day" ? "Day" : "Week of", rows: timeRows(asking, steps), total: steps.total })}
          </details>
          <section aria-labelledby="channels-title">
            <h2 id="channels-title">By channel</h2>
            ${sumsTable({ label: "By channel", head: "Channel", rows: channels.map(channelRow), total: steps.total })}
          </section>`,
  );
}

/** The query and the days, with whatever came of them below. */
export function usageFrame({ q, range }: Pick<Asking, "q" | "range">, body: Html): Page {
  return {
    title: "Usage",
    tab: "Usage",
    body: html`<h1 class="visually-hidden">Usage</h1>
      ${queryForm(USAGE, { q, show: "conversations" }, html`<input type="hidden" name="days" value="${range}" />`)}
      ${rangePicker(USAGE, q, range)} ${body}`,
  };
}

function charts({ range, now }: Asking, { rows, total }: Usage): Html {
  const steps = stepsIn(range, now);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const of = (figure: (sum: Sum) => number | undefined) =>
    steps.map((step) => {
      const sum = byKey.get(step);
      return sum && figure(sum);
    });
  const common = { steps, shown: count } as const;
  const share = total.turns === 0 ? 0 : (100 * total.failed) / total.turns;
  return html`<div class="charts">
    ${chartFigure({
      ...common,
      title: "Turns",
      total: counted(total.turns, "turn"),
      kind: "bars",
      series: [{ name: "turns", look: "first", values: of(({ turns }) => turns) }],
    })}
    ${chartFigure({
      ...common,
      title: "Spend",
      total: total.cost === undefined ? "not known" : money(total.cost),
      kind: "bars",
      shown: money,
      tick: moneyRoughly,
      series: [{ name: "spend", look: "first", values: of(({ cost }) => cost) }],
    })}
    ${chartFigure({
      ...common,
      title: "Failures",
      total: `${count(total.failed)}, ${share.toFixed(1)} %`,
      kind: "bars",
      series: [{ name: "failures", look: "alarm", values: of(({ failed }) => failed) }],
    })}
    ${chartFigure({
      ...common,
      title: "Until complete",
      total: total.complete === undefined ? "not known" : `${duration(total.complete.median)} at the median`,
      kind: "lines",
      shown: duration,
      series: [
        { name: "median", look: "first", values: of(({ complete }) => complete?.median) },
        { name: "95 of 100", look: "second", values: of(({ complete }) => complete?.p95) },
      ],
    })}
  </div>`;
}

function timeRows({ range }: Asking, { rows }: Usage) {
  const days = stepOf(range) === "day" ? 1 : 7;
  return rows.map((sum) => {
    const from = sum.key ?? "";
    const below = new Date(Date.parse(`${from}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
    const q = `after:${from} before:${below}`;
    return { name: html`<a href="${searchPath({ q, show: "turns" })}">${shortDay(from)}</a>`, sum };
  });
}

/** A channel's sum, with a way to its conversations. */
export function channelRow(sum: Sum): { readonly name: Html; readonly sum: Sum } {
  const id = sum.key ?? "";
  const q = `channel:${quote(id)}`;
  return {
    name: html`<a href="${searchPath({ q, show: "conversations" })}"
      ><bdi>${sumCalled(sum, "channel")}</bdi></a
    >`,
    sum,
  };
}
