import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Env, Viewing } from "./deps.ts";
import { type Frame, layout, type Page, type Theme, THEMES } from "./layout.ts";
import { ROOT } from "./paths.ts";
import { type Refusal, refusalPage } from "./refusal.ts";

/** Answers with a whole page. */
export function shownPage(context: Context<Env>, page: Page, status: 200 | Refusal["status"] = 200) {
  return context.html(layout(frameOf(context), page), status);
}

/** Answers with why there is no page: a person reads a page, the script a sentence. */
export function shownRefusal(context: Context<Env>, refusal: Refusal) {
  return isPage(context)
    ? shownPage(context, refusalPage(refusal), refusal.status)
    : context.text(refusal.sentence, refusal.status);
}

/** What the script asks for says so; everything else is looked at by itself. */
export const isPage = ({ req }: Context) =>
  req.header("x-console") === undefined && req.header("accept") !== "text/event-stream";

export const pathOf = ({ req }: Context) => req.path + new URL(req.url).search;

function frameOf(context: Context<Env>): Frame {
  const viewing: Viewing | undefined = context.get("viewing");
  const theme = themeIn(getCookie(context, THEME_COOKIE));
  const path = context.req.method === "GET" ? pathOf(context) : ROOT;
  return { theme, path, csrf: viewing?.csrf ?? "", ...(viewing && { viewer: viewing.viewer }) };
}

const THEME_COOKIE = "patchcord_theme";
const THEME_KEPT = { path: ROOT, sameSite: "Lax", maxAge: 365 * 86_400, httpOnly: true } as const;
const themeIn = (word: string | undefined): Theme => THEMES.find((theme) => theme === word) ?? "system";

/** Keeps the colours that were chosen in this browser. */
export function keepTheme(context: Context, word: string | undefined): void {
  setCookie(context, THEME_COOKIE, themeIn(word), THEME_KEPT);
}

/** A path of the console: nobody is led elsewhere by a link to here. */
export function homeward(to: string | undefined): string {
  return to !== undefined && /^\/admin(?:[/?#][^\\]*)?$/.test(to) ? to : ROOT;
}
