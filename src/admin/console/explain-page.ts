import { html } from "hono/html";
import { heardFrom } from "../called.ts";
import type { ExplainedMessage, Explanation } from "../explain.ts";
import { nameOr } from "../shortened.ts";
import type { Page } from "./layout.ts";
import { conversationPath, ROOT } from "./paths.ts";
import { permalink, turnArticle } from "./turn.ts";
import { calledHtml, counted, type Html, moment } from "./words.ts";

const linkAsked = (link: string) =>
  html`<form class="query" action="${ROOT}/explain" method="get">
    <label class="visually-hidden" for="link">Link of a message</label>
    <div class="query-box">
      <input
        id="link"
        name="link"
        type="url"
        required
        maxlength="2000"
        placeholder="The link of a message"
        value="${link}"
      />
    </div>
    <button>Explain</button>
  </form>`;

/** Asks for the link of a message. */
export function linkForm(): Page {
  return {
    title: "Explain a message",
    tab: "Search",
    body: html`<h1>What became of a message</h1>
      <p class="quiet">
        Paste its link as the chat gives it: a question, something that was not answered, or an answer.
      </p>
      ${linkAsked("")}`,
  };
}

const OUTCOMES = { decides: "decides", passes: "passes" } as const;

/** Why a message was answered or was not, what the model was given, and what came of it. */
export function explainPage(explanation: Explanation, bot: string): Page {
  const { answered, rules, turn, conversation, given, settings, gaps } = explanation;
  return {
    title: answered ? "It was answered" : "It was not answered",
    tab: "Search",
    body: html`${linkAsked(explanation.link)}
      <h1 class="explained">${answered ? "It was answered." : "It was not answered."}</h1>
      <section aria-labelledby="rules-title">
        <h2 id="rules-title">Why</h2>
        <ol class="rules">
          ${rules.map(
            ({ says, outcome }) =>
              html`<li class="is-${outcome}">
                ${says}${outcome !== "not_tried" && html` <span class="mark is-${outcome}">${OUTCOMES[outcome]}</span>`}
              </li>`,
          )}
        </ol>
      </section>
      ${
        turn &&
        html`<section aria-labelledby="turn-title">
          <h2 id="turn-title">The turn</h2>
          ${
            conversation &&
            html`<p>
              In
              <a class="row-link" href="${conversationPath(conversation, { turn: turn.id })}"
                >${calledHtml(conversation)}</a
              >
            </p>`
          }
          ${turnArticle(turn, bot)}
        </section>`
      }
      ${given && whatWasGiven(given, turn)} ${settingsOf(settings)}
      ${
        gaps.length > 0 &&
        html`<section aria-labelledby="gaps-title">
          <h2 id="gaps-title">What is not known</h2>
          <ul>
            ${gaps.map((gap) => html`<li>${gap}</li>`)}
          </ul>
        </section>`
      }`,
  };
}

function whatWasGiven(
  { input, heard, messages, earlierTurns }: NonNullable<Explanation["given"]>,
  turn: Explanation["turn"],
): Html {
  return html`<section aria-labelledby="given-title">
    <h2 id="given-title">What the model was given</h2>
    <p>
      ${counted(earlierTurns, "earlier turn")} of the conversation, and ${counted(heard, "message")} that
      ${heard === 1 ? "was" : "were"} no question to
      it${messages.length < heard && messages.length > 0 && `; the newest ${messages.length}`}${messages.length > 0 ? ":" : "."}
    </p>
    ${
      messages.length > 0 &&
      html`<ul>
          ${messages.map((message) => html`<li>${heardLine(message, turn)}</li>`)}
        </ul>
        <p class="quiet">Of these it is kept here whose they are, and not what they say.</p>`
    }
    ${input === undefined ? html`<p class="is-unsaid">What was asked is not yours to read.</p>` : html`<pre class="given" tabindex="0" dir="auto">${input}</pre>`}
  </section>`;
}

function heardLine(message: ExplainedMessage, turn: Explanation["turn"]): Html {
  const { sentAt, link } = message;
  return html`<bdi>${heardFrom(message)}</bdi>${
      sentAt !== undefined && html`, ${moment(sentAt, turn?.receivedAt ?? sentAt)}`
    }
    ${turn && permalink(turn, link)}`;
}

function settingsOf(settings: Explanation["settings"]): Html | undefined {
  const entries = Object.entries(settings);
  if (entries.length === 0) return undefined;
  return html`<section aria-labelledby="settings-title">
    <h2 id="settings-title">What held then</h2>
    <dl class="pairs">
      ${entries.map(
        ([name, value]) =>
          html`<div>
            <dt>${nameOr(name, "")}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}
