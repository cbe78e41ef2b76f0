// What stands above the first message of a place: what it is, and how to call the bot there.
import { h } from "./dom.js";

const HINTS = {
  slack: {
    channel: (bot) =>
      `Mention @${bot} anywhere: it answers in a thread, knows what was said there, and goes on without a mention.`,
    dm: (bot) =>
      `Only you and ${bot} are here. Each message begins a thread of its own; no mention is needed.`,
  },
  discord: {
    channel: (bot) => `Mention @${bot}, or reply to what it said. The channel is one conversation.`,
    thread: (bot) => `A conversation of its own. Mention @${bot} once; from then on it follows.`,
    forum: (bot) =>
      `The posts are in the list of channels. Begin one below: its title is the first line, and @${bot} calls the bot.`,
    dm: (bot) => `Only you and ${bot} are here. No mention is needed.`,
  },
};

/** `ask(text)` says it as the speaker. */
export function introOf(side, room, { bot, label, ask }) {
  const hint = room && HINTS[side][room.kind]?.(bot);
  if (!hint) return [];
  return [
    h("h3", {}, room.kind === "dm" ? `Your messages with ${bot}` : `Welcome to ${label}`),
    h("p", {}, hint),
    room.prompts?.length > 0 &&
      h(
        "div",
        { class: "prompts", role: "group", "aria-label": `What ${bot} suggests` },
        ...room.prompts.map(({ title, message }) =>
          h("button", { type: "button", title: message, onclick: () => ask(message) }, title),
        ),
      ),
  ].filter(Boolean);
}
