import { html } from "hono/html";
import type { Problem, QueryError } from "../query/error.ts";
import { shortened } from "../shortened.ts";
import type { Html } from "./words.ts";

/** Characters of the query around the place that are shown. */
const AROUND = 60;

/** A wrong query: each problem's place is underlined, and the nearest right form is a link. */
export function problemsOf(error: QueryError, linkTo: (q: string) => string): Html {
  return html`<section class="problems" role="alert" aria-labelledby="problems-title">
    <h2 id="problems-title">This query is not right yet</h2>
    <ul>
      ${error.problems.map((problem) => problemItem(error.text, problem, linkTo))}
    </ul>
  </section>`;
}

function problemItem(text: string, problem: Problem, linkTo: (q: string) => string): Html {
  const { from, to, message, instead } = problem;
  const better = instead === undefined ? undefined : text.slice(0, from) + instead + text.slice(to);
  return html`<li>
    <code class="pointed" dir="ltr">${pointed(text, problem)}</code>
    <p>
      ${message}
      ${
        better !== undefined &&
        html`<a href="${linkTo(better)}">Search for <bdi>${shortened(better, 2 * AROUND)}</bdi></a>`
      }
    </p>
  </li>`;
}

function pointed(text: string, { from, to }: Problem): Html {
  const end = Math.max(to, from + 1);
  const [before, place, behind] = [text.slice(0, from), text.slice(from, end), text.slice(end)];
  const lead = before.length > AROUND ? `…${before.slice(-AROUND)}` : before;
  const rest = behind.length > AROUND ? `${behind.slice(0, AROUND)}…` : behind;
  return html`${lead}<mark>${place === "" ? " " : shortened(place, AROUND) || " "}</mark>${rest}`;
}
