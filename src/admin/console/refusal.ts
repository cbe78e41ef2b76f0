import { html } from "hono/html";
import { PatchcordError } from "../../errors.ts";
import { QueryError } from "../query/error.ts";
import type { Page } from "./layout.ts";
import { ROOT } from "./paths.ts";

/** Why a page is not shown. */
export interface Refusal {
  readonly status: 403 | 404 | 422 | 429 | 500;
  /** What happened and what to do. */
  readonly sentence: string;
  /** What it is called in the log, where it is in there. */
  readonly code?: string;
}

const TITLES: Readonly<Record<Refusal["status"], string>> = {
  403: "Not yours to see",
  404: "Nothing here",
  422: "This cannot be asked",
  429: "Too often",
  500: "Something went wrong here",
};

export const NOT_FOUND: Refusal = {
  status: 404,
  sentence: "There is no such page, or it is not yours to see.",
};

/** What a person reads of an error. What is not for them is in the log alone. */
export function refusalOf(error: Error): Refusal {
  if (error instanceof QueryError) return { status: 422, sentence: error.message };
  if (!(error instanceof PatchcordError)) return { ...BROKEN, code: "unexpected" };
  const { code, message } = error;
  switch (code) {
    case "not_allowed":
    case "form_too_old":
      return { status: 403, sentence: message };
    case "not_found":
      return { status: 404, sentence: message };
    case "cursor_invalid":
    case "link_invalid":
    case "form_invalid":
      return { status: 422, sentence: message };
    case "too_often":
      return { status: 429, sentence: message };
    default:
      return { ...BROKEN, code };
  }
}

const BROKEN = {
  status: 500,
  sentence: "It is in the log of the bot. Try again in a moment, and tell who runs it if it stays so.",
} as const;

/** The refusal as a page. */
export function refusalPage({ status, sentence, code }: Refusal): Page {
  return {
    title: TITLES[status],
    body: html`<div class="notice">
      <p class="notice-status">${status}</p>
      <h1>${TITLES[status]}</h1>
      <p>${sentence}</p>
      ${code !== undefined && html`<p class="quiet">In the log: <code>${code}</code></p>`}
      <p><a href="${ROOT}">To the search</a></p>
    </div>`,
  };
}
