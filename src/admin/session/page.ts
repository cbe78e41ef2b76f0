import { html } from "hono/html";
import type { SignIn } from "../../chat/sign-in.ts";
import type { Page } from "../console/layout.ts";
import { ROOT, withQuery } from "../console/paths.ts";

export interface SignInChoices {
  readonly signIns: readonly Pick<SignIn, "name" | "label">[];
  /** Whether the operator's token is taken. */
  readonly byToken: boolean;
}

/** Where somebody signs in, and in the end comes to `to`. `said`: what became of the last try. */
export function signInPage({ signIns, byToken }: SignInChoices, to: string, said?: string): Page {
  const none = signIns.length === 0 && !byToken;
  return {
    title: "Sign in",
    body: html`<div class="notice sign-in">
      <h1>Sign in</h1>
      ${said !== undefined && html`<p role="alert">${said}</p>`}
      ${none && html`<p>Nobody can sign in yet: whoever runs the bot sets <code>ADMIN_TOKEN</code> first.</p>`}
      ${signIns.map(
        // A link, and no form: a browser would not let a form end at the platform.
        ({ name, label }) =>
          html`<p><a class="button" href="${withQuery(`${ROOT}/sign-in/${name}`, { to })}">${label}</a></p>`,
      )}
      ${
        byToken &&
        html`<form method="post" action="${ROOT}/sign-in">
          <input type="hidden" name="to" value="${to}" />
          <p>
            <label for="token">The operator's token (<code>ADMIN_TOKEN</code>)</label>
            <input id="token" name="token" type="password" autocomplete="current-password" required />
          </p>
          <p><button>Sign in</button></p>
        </form>`
      }
    </div>`,
  };
}
