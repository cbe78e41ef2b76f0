import { html } from "hono/html";
import type { ListedTurn } from "../admin.ts";
import { nameOr } from "../shortened.ts";
import { conversationPath, explainPath, livePath } from "./paths.ts";
import { prose } from "./prose.ts";
import { unsaid } from "./said.ts";
import { statusOf } from "./status.ts";
import { count, duration, type Html, initialsOf, money, named, timeOf, titled } from "./words.ts";

/** A question and its answer as the chat had them, with what is known of the turn beneath. */
export function turnArticle(turn: ListedTurn, bot: string): Html {
  return html`<article
    class="turn"
    id="turn-${turn.id}"
    tabindex="-1"
    aria-label="${nameOr(turn.userName, turn.userId)}, turn ${turn.id}"
    ${isLive(turn) ? html`data-live="${livePath(turn.id)}" aria-busy="true"` : ""}
  >
    ${turnParts(turn, bot)}
  </article>`;
}

/** Somebody may read it while it is written. */
export const isLive = ({ status, readable }: ListedTurn) => status === "open" && readable;

/** What is within the article: the script puts it there anew while the reply grows. */
export function turnParts(turn: ListedTurn, bot: string): Html {
  return html`${asked(turn)} ${answered(turn, bot)}
    <p class="turn-facts">${facts(turn)}</p>
    ${
      turn.detail !== undefined &&
      turn.readable &&
      html`<details class="turn-detail">
        <summary>What else is known of the failure</summary>
        <pre tabindex="0">${turn.detail}</pre>
      </details>`
    }`;
}

function asked(turn: ListedTurn): Html {
  const { content, link, userName, userId } = turn;
  return html`<div class="said">
    <span class="avatar" aria-hidden="true">${initialsOf(nameOr(userName, userId))}</span>
    <div class="said-what">
      <p class="said-who">
        <b>${named(userName, userId)}</b> ${timeOf(turn.receivedAt)} ${permalink(turn, link)}
      </p>
      ${content ? body(content.question, "(no words)") : html`<p class="is-unsaid">${unsaid(turn)}</p>`}
    </div>
  </div>`;
}

/** A link that tells the other page nothing. Adapters make them; what is no address of the web leads nowhere. */
export function permalink(
  { platform }: Pick<ListedTurn, "platform">,
  link: string | undefined,
): Html | undefined {
  if (link === undefined || !/^https?:\/\//i.test(link)) return undefined;
  return html`<a class="permalink" href="${link}" rel="noreferrer" target="_blank"
    >Open in ${titled(platform)}</a
  >`;
}

function answered({ content, status, readable }: ListedTurn, bot: string): Html | undefined {
  if (!content && !(status === "open" && readable)) return undefined;
  const isWriting = status === "open";
  return html`<div class="said is-bot">
    <span class="avatar" aria-hidden="true">⤳</span>
    <div class="said-what">
      <p class="said-who">
        <b>${named(bot, "The bot")}</b>${isWriting && html` <span class="writing">is writing…</span>`}
      </p>
      ${content?.answer === undefined ? html`<p class="is-unsaid">${noAnswer(status)}</p>` : body(content.answer, "(no words)")}
      ${
        isWriting &&
        html`<noscript
          ><p><a href="">Load the page again to read on</a></p></noscript
        >`
      }
    </div>
  </div>`;
}

const NO_ANSWER: Readonly<Record<ListedTurn["status"], string>> = {
  open: "Nothing is written yet.",
  done: "The answer had no words.",
  failed: "There is no answer: it failed before there was any.",
  stopped: "It was stopped before there was an answer.",
  postponed: "It came too late to be answered unasked. An answer was offered.",
  forgotten: "This was forgotten.",
};
const noAnswer = (status: ListedTurn["status"]) => NO_ANSWER[status];

function body(markdown: string, empty: string): Html {
  if (markdown.trim() === "") return html`<p class="is-unsaid">${empty}</p>`;
  return html`<div class="body" dir="auto">${prose(markdown)}</div>`;
}

function facts(turn: ListedTurn): Html {
  const { model, usage, cost, firstText, complete, tries } = turn;
  const tokens = usage && { in: usage.inputTokens ?? 0, out: usage.outputTokens ?? 0 };
  const parts: readonly (Html | string | undefined)[] = [
    model === undefined ? undefined : nameOr(model, ""),
    tokens && `${count(tokens.in)} tokens in, ${count(tokens.out)} out`,
    cost === undefined ? undefined : money(cost),
    firstText === undefined ? undefined : `first text ${duration(firstText)}`,
    complete === undefined ? undefined : `complete ${duration(complete)}`,
    tries > 1 ? `${tries} tries` : undefined,
    html`<a href="${conversationPath(turn, { turn: turn.id })}">turn ${turn.id}</a>`,
    html`<a href="${explainPath(turn.link ?? `turn:${turn.id}`)}">explain</a>`,
  ];
  return html`${statusOf(turn)} ${parts.map((part) => part !== undefined && html`<span>${part}</span> `)}`;
}
