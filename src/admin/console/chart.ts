import { html } from "hono/html";
import type { Html } from "./words.ts";

/** One thing that is drawn over time. Undefined: nothing is known of that step. */
export interface Series {
  readonly name: string;
  /** How it looks: a class of the style sheet. */
  readonly look: "first" | "second" | "alarm";
  readonly values: readonly (number | undefined)[];
}

export interface Chart {
  readonly title: string;
  /** The figure that it comes down to. */
  readonly total: string;
  /** The steps' first days. */
  readonly steps: readonly string[];
  readonly kind: "bars" | "lines";
  /** Bars stand on each other, in this order from below. */
  readonly series: readonly Series[];
  readonly shown: (value: number) => string;
  /** On the axis, where there is little room. Absent: as `shown`. */
  readonly tick?: (value: number) => string;
}

/** In the picture's own units. */
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [480, 170, 58, 22, 8];
const INNER = { width: WIDTH - LEFT, height: HEIGHT - BOTTOM - TOP };

/** A picture of figures over time. Its table stands elsewhere on the page; each mark tells its own figure. */
export function chartFigure(chart: Chart): Html {
  const { title, total, series, kind } = chart;
  const top = niceTop(mostOf(chart));
  const legend = series.length > 1;
  return html`<figure class="chart">
    <figcaption>
      <span class="chart-title">${title}</span> <b>${total}</b>
      ${
        legend &&
        html`<span class="legend"
          >${series.map(({ name, look }) => html`<span class="key is-${look}">${name}</span> `)}</span
        >`
      }
    </figcaption>
    <svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="${title}: ${total}. The figures are in the table below."
    >
      ${axis(chart, top)} ${kind === "bars" ? bars(chart, top) : lines(chart, top)}
    </svg>
  </figure>`;
}

function mostOf({ kind, series, steps }: Chart): number {
  const at = (index: number) => series.map(({ values }) => values[index] ?? 0);
  const most = steps.map((_, index) =>
    kind === "bars" ? at(index).reduce((sum, value) => sum + value, 0) : Math.max(...at(index)),
  );
  return Math.max(0, ...most);
}

/** The next of 1, 2, 2.5 and 5 times a power of ten, so that the axis has round figures; for what is counted, none is halved. */
export function niceTop(most: number): number {
  if (most <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= most) ?? 10) * power;
}

const x = (index: number, { steps }: Chart) => LEFT + (INNER.width * (index + 0.5)) / steps.length;
const y = (value: number, top: number) => TOP + INNER.height * (1 - value / top);
const round = (figure: number) => Math.round(figure * 10) / 10;

function axis(chart: Chart, top: number): Html {
  const { steps, shown, tick = shown } = chart;
  const heights = [0, top / 2, top].map(
    (value) =>
      html`<line
          class="grid"
          x1="${LEFT}"
          x2="${WIDTH}"
          y1="${round(y(value, top))}"
          y2="${round(y(value, top))}"
        />
        <text class="tick" x="${LEFT - 6}" y="${round(y(value, top) + 4)}" text-anchor="end"
          >${tick(value)}</text
        >`,
  );
  const last = steps.length - 1;
  const dates = [...new Set([0, Math.floor(last / 2), last])].map(
    (index, _, all) =>
      html`<text
        class="tick"
        x="${round(x(index, chart))}"
        y="${HEIGHT - 5}"
        text-anchor="${anchor(index, all)}"
        >${shortDay(steps[index] ?? "")}</text
      >`,
  );
  return html`${heights}${dates}`;
}

function anchor(index: number, all: readonly number[]): "start" | "middle" | "end" {
  if (all.length === 1) return "middle";
  return index === all[0] ? "start" : index === all.at(-1) ? "end" : "middle";
}

function bars(chart: Chart, top: number): Html[] {
  const { steps, series, shown } = chart;
  const width = Math.max(1, (INNER.width / steps.length) * 0.72);
  return steps.flatMap((step, index) => {
    let below = 0;
    return series.flatMap(({ name, look, values }) => {
      const value = values[index] ?? 0;
      if (value <= 0) return [];
      const [from, to] = [y(below, top), y(below + value, top)];
      below += value;
      return html`<rect
        class="bar is-${look}"
        x="${round(x(index, chart) - width / 2)}"
        y="${round(to)}"
        width="${round(width)}"
        height="${round(Math.max(0.8, from - to))}"
        ><title>${shortDay(step)}, ${name}: ${shown(value)}</title></rect
      >`;
    });
  });
}

/** A line is broken where nothing is known; a point tells what stands alone. */
function lines(chart: Chart, top: number): Html[] {
  return chart.series.map(({ name, look, values }) => {
    let path = "";
    values.forEach((value, index) => {
      if (value === undefined) return;
      const isBegun = index > 0 && values[index - 1] !== undefined;
      path += `${isBegun ? "L" : "M"}${round(x(index, chart))} ${round(y(value, top))}`;
    });
    const points = values.map(
      (value, index) =>
        value !== undefined &&
        html`<circle
          class="point is-${look}"
          cx="${round(x(index, chart))}"
          cy="${round(y(value, top))}"
          r="2.2"
          ><title>${shortDay(chart.steps[index] ?? "")}, ${name}: ${chart.shown(value)}</title></circle
        >`,
    );
    return html`<path class="line is-${look}" d="${path}" />${points}`;
  });
}

const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** `24 Nov` of `2026-11-24`. */
export const shortDay = (day: string) => (day === "" ? "" : SHORT.format(new Date(`${day}T00:00:00Z`)));
