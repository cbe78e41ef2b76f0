import { html } from "hono/html";
import { type Near, nothingMeets } from "../near.ts";
import { shortened } from "../shortened.ts";
import type { Html } from "./words.ts";

/** What is shown of a query. */
const SHOWN = 80;

/** Why a query finds nothing, and links to those that may have been meant. */
export function nearby(near: Near | undefined, pathOf: (query: string) => string): Html {
  if (!near) return html``;
  const links = near.queries.map(
    (query) =>
      html`<li>
        <a href="${pathOf(query)}"><bdi>${shortened(query, SHOWN)}</bdi></a>
      </li>`,
  );
  return html`<p>${nothingMeets(near)} ${links.length > 0 && "Near it:"}</p>
    ${
      links.length > 0 &&
      html`<ul class="near">
        ${links}
      </ul>`
    }`;
}
