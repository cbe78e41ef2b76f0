// What stands around a message: what it answers above, its thread below, and its button.
import { h, plural, timeText } from "./dom.js";

/** `go` is what the buttons do: `{ answer(id), openThread(id), openRoom(id) }`. */
export function createAround({ side, store, go }) {
  const isSlack = side === "slack";

  function action(message) {
    if (message.isNotice || message.onlyFor !== undefined || (isSlack && message.root !== undefined))
      return undefined;
    const attributes = isSlack
      ? {
          "aria-label": `Reply in a thread to ${message.author.name}`,
          onclick: () => go.openThread(message.id),
        }
      : { "aria-label": `Reply to ${message.author.name}`, onclick: () => go.answer(message.id) };
    return h("button", { type: "button", ...attributes }, isSlack ? "↩ Thread" : "↩ Reply");
  }

  function threadLink(onclick, name, note) {
    return h("button", { type: "button", class: "thread-link", onclick }, h("strong", {}, name), ` ${note}`);
  }

  function footer({ id, room, threadRoom }) {
    if (threadRoom) {
      const count = store.messagesIn(side, threadRoom).length;
      const name = store.room(side, threadRoom)?.name ?? "Thread";
      return threadLink(() => go.openRoom(threadRoom), name, `${plural(count, "message")} ›`);
    }
    const replies = isSlack ? store.messagesIn(side, room, id).slice(1) : [];
    if (replies.length === 0) return undefined;
    const last = `last at ${timeText(replies.at(-1).at)}`;
    return threadLink(() => go.openThread(id), plural(replies.length, "reply", "replies"), last);
  }

  function quote({ replyTo, room }) {
    if (isSlack || replyTo === undefined) return undefined;
    const answered = store.message(side, room, replyTo);
    return h(
      "div",
      { class: "quote" },
      h("span", { class: "visually-hidden" }, "In reply to "),
      ...(answered
        ? [h("strong", {}, `@${answered.author.name}`), h("span", {}, answered.plain)]
        : [h("em", {}, "a message that is gone")]),
    );
  }

  return { action, footer, quote };
}
