import { setImmediate } from "node:timers/promises";
import { html } from "hono/html";
import type { ListedConversation, ListedTurn, Shown } from "../admin.ts";
import { called, channelCalled } from "../called.ts";
import { nameOr } from "../shortened.ts";
import type { Page } from "./layout.ts";
import { conversationPath, searchPath } from "./paths.ts";
import { turnArticle } from "./turn.ts";
import {
  calledHtml,
  count,
  counted,
  dayOf,
  type Html,
  kindOf,
  moment,
  money,
  named,
  titled,
} from "./words.ts";

export interface Around {
  readonly now: number;
  /** What the bot is called. */
  readonly bot: string;
}

/** A conversation as the chat that it was. `deeds`: what the viewer may do with it. */
export async function conversationPage(
  { conversation, turns, next }: Shown,
  around: Around,
  deeds?: Html,
): Promise<Page> {
  const chat = await said(turns, around);
  return {
    title: called(conversation),
    tab: "Search",
    body: html`<article class="conversation">
      <header class="conversation-head">
        ${crumbs(conversation)}
        <h1>${calledHtml(conversation)}</h1>
        ${facts(conversation, around.now)} ${formerly(conversation, around.now)} ${states(conversation)}
        ${deeds}
      </header>
      ${earlier(conversation, turns)}
      ${turns.length === 0 && html`<p class="empty">Nothing was asked here yet.</p>`}
      <div class="chat">${chat}</div>
      ${
        next !== undefined &&
        html`<p class="next">
          <a rel="next" href="${conversationPath(conversation, { after: next })}">Later turns</a>
        </p>`
      }
    </article>`,
  };
}

function crumbs(one: ListedConversation): Html {
  const { platform, workspaceId, workspaceName, channelId } = one;
  const link = (q: string, text: string) =>
    html`<a href="${searchPath({ q, show: "conversations" })}"><bdi>${text}</bdi></a>`;
  return html`<nav class="crumbs" aria-label="Where">
    ${link(`platform:${platform}`, titled(platform))}
    <span aria-hidden="true">›</span> ${link(`workspace:${workspaceId}`, nameOr(workspaceName, workspaceId))}
    <span aria-hidden="true">›</span>
    ${link(`channel:${channelId}`, channelCalled(one))}
  </nav>`;
}

function facts(one: ListedConversation, now: number): Html {
  const kind = kindOf(one);
  const parts: readonly (Html | string | undefined)[] = [
    html`begun by ${named(one.startedByName, one.startedById)}, ${moment(one.startedAt, now)}`,
    kind === "" ? undefined : kind.toLowerCase(),
    one.generation > 1 ? `conversation ${one.generation} of this place` : undefined,
    counted(one.turns, "turn"),
    one.failed > 0 ? counted(one.failed, "failure") : undefined,
    `${count(one.tokens)} tokens`,
    one.cost === undefined ? undefined : money(one.cost),
    one.telnyxId === undefined ? "not at Telnyx" : html`Telnyx <code>${one.telnyxId}</code>`,
  ];
  return html`<p class="facts">${parts.map((part) => part !== undefined && html`<span>${part}</span> `)}</p>`;
}

function formerly({ formerly: names }: ListedConversation, now: number): Html | undefined {
  if (names.length === 0) return undefined;
  const one = ({ field, name, until }: (typeof names)[number]) =>
    html`<span>formerly ${field} ${named(name, "without a name")}, until ${moment(until, now)}</span> `;
  return html`<p class="facts">${names.map(one)}</p>`;
}

function states({ held, readable, open }: ListedConversation): Html {
  return html`${held && html`<p class="state is-held">On hold: nothing of it may be forgotten.</p>`}
  ${
    !readable &&
    html`<p class="state">
      What was said here is not yours to read. You see that it was, when, by whom, and what it cost.
    </p>`
  }
  ${open > 0 && html`<p class="state is-open">A reply is being written.</p>`}`;
}

function earlier(conversation: ListedConversation, turns: readonly ListedTurn[]): Html | undefined {
  const first = turns[0];
  if (!first || first.receivedAt <= conversation.startedAt) return undefined;
  return html`<p class="next"><a href="${conversationPath(conversation)}">From the beginning</a></p>`;
}

/** The turns, with a line where a day begins and where the channel's name changed. */
async function said(turns: readonly ListedTurn[], around: Around): Promise<Html[]> {
  const parts: Html[] = [];
  for (const [index, turn] of turns.entries()) {
    const before = turns[index - 1];
    const isNewDay = !before || dayOf(before.receivedAt) !== dayOf(turn.receivedAt);
    const isRenamed = before !== undefined && before.channelName !== turn.channelName;
    if (isNewDay) parts.push(html`<h2 class="day">${dayOf(turn.receivedAt)}</h2>`);
    if (isRenamed)
      parts.push(html`<p class="renamed">From here on called <bdi>${channelCalled(turn)}</bdi></p>`);
    parts.push(turnArticle(turn, around.bot));
    // To read fifty turns' Markdown takes a tenth of a second: people's messages, on the same thread, come in between.
    await setImmediate();
  }
  return parts;
}
