import { html } from "hono/html";
import type { ListedTurn } from "../admin.ts";
import { shortened } from "../shortened.ts";
import { type Html, titled } from "./words.ts";

/** How the turn stands. */
export function statusOf({ status, error }: ListedTurn): Html {
  const why = error === undefined ? "" : `: ${shortened(error.replaceAll("_", " "), 40)}`;
  return html`<span class="mark is-${status}">${titled(status)}${why}</span>`;
}
