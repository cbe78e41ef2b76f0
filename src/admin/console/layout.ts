import { html } from "hono/html";
import type { Right, Viewer } from "../viewer.ts";
import { seesHealth } from "./health.ts";
import { ROOT } from "./paths.ts";
import { nameOr } from "../shortened.ts";
import type { Html } from "./words.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** What surrounds a page: who looks at it, and how. */
export interface Frame {
  /** Absent: nobody is signed in. */
  readonly viewer?: Viewer;
  /** For every form. Empty where nobody is signed in. */
  readonly csrf: string;
  readonly theme: Theme;
  /** The page's own address, to come back to. */
  readonly path: string;
}

export interface Page {
  readonly title: string;
  /** The tab that it belongs to. */
  readonly tab?: string;
  readonly body: Html;
}

interface Tab {
  readonly name: string;
  readonly path: string;
  readonly isFor: (viewer: Viewer) => boolean;
}

const has = (right: Right) => (viewer: Viewer) => viewer.rights.has(right);
const TABS: readonly Tab[] = [
  { name: "Search", path: ROOT, isFor: has("read") },
  { name: "Usage", path: `${ROOT}/usage`, isFor: has("read") },
  { name: "Places", path: `${ROOT}/places`, isFor: has("read") },
  { name: "Health", path: `${ROOT}/health`, isFor: seesHealth },
  { name: "Audit", path: `${ROOT}/audit`, isFor: has("audit") },
];

/** Each is loaded beside the others. */
const STYLES = ["base", "search", "chat", "figures", "narrow"];

/** A whole page. */
export function layout(frame: Frame, { title, tab, body }: Page): Html {
  return html`<!doctype html>
    <html lang="en" data-theme="${frame.theme}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · patchcord</title>
        <link rel="icon" href="${ROOT}/assets/mark.svg" type="image/svg+xml" />
        ${STYLES.map((name) => html`<link rel="stylesheet" href="${ROOT}/assets/${name}.css" />`)}
        <script type="module" src="${ROOT}/assets/console.js"></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the page</a>
        <header class="top">
          <a class="home" href="${ROOT}"
            ><img src="${ROOT}/assets/mark.svg" alt="" width="22" height="22" />patchcord</a
          >
          ${frame.viewer && [tabs(frame.viewer, tab), person(frame, frame.viewer)]}
        </header>
        <main id="main" tabindex="-1">${body}</main>
        <footer class="foot">
          All times are in UTC.
          ${frame.viewer && html`<span class="by-script">Press <kbd>?</kbd> for keys.</span>`}
        </footer>
        <p id="announcer" class="visually-hidden" aria-live="polite"></p>
        ${frame.viewer && KEYS}
      </body>
    </html>`;
}

function tabs(viewer: Viewer, current: string | undefined): Html {
  const shown = TABS.filter(({ isFor }) => isFor(viewer));
  return html`<nav class="tabs" aria-label="Console">
    ${shown.map(
      ({ name, path }) =>
        html`<a href="${path}" ${name === current ? html`aria-current="page"` : ""}>${name}</a>`,
    )}
  </nav>`;
}

function person({ csrf, theme, path }: Frame, viewer: Viewer): Html {
  const themes = THEMES.map(
    (one) =>
      html`<button name="theme" value="${one}" aria-pressed="${String(one === theme)}">${one}</button>`,
  );
  return html`<details class="person">
    <summary><bdi>${nameOr(viewer.name, viewer.id)}</bdi></summary>
    <div class="person-menu">
      <form method="post" action="${ROOT}/theme">
        <input type="hidden" name="csrf" value="${csrf}" /><input type="hidden" name="to" value="${path}" />
        <fieldset class="themes">
          <legend>Colours</legend>
          ${themes}
        </fieldset>
      </form>
      <form method="post" action="${ROOT}/sign-out">
        <input type="hidden" name="csrf" value="${csrf}" />
        <button>Sign out</button>
      </form>
    </div>
  </details>`;
}

const KEYS = html`<dialog id="keys" aria-labelledby="keys-title">
  <h2 id="keys-title">Keys</h2>
  <dl>
    <div>
      <dt><kbd>/</kbd></dt>
      <dd>go to the query</dd>
    </div>
    <div>
      <dt><kbd>j</kbd> <kbd>k</kbd></dt>
      <dd>the next one, the one before</dd>
    </div>
    <div>
      <dt><kbd>Enter</kbd></dt>
      <dd>open it</dd>
    </div>
    <div>
      <dt><kbd>Esc</kbd></dt>
      <dd>leave the query, close this</dd>
    </div>
    <div>
      <dt><kbd>?</kbd></dt>
      <dd>these keys</dd>
    </div>
  </dl>
  <form method="dialog"><button>Close</button></form>
</dialog>`;
