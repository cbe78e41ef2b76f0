// A list of messages that grows: elements are kept, the newest end stays in view while the reader is there.
import { createButtons } from "./buttons.js";
import { avatar, h, onChange, paint, timeElement, timeText } from "./dom.js";

const GROUP_MS = 5 * 60_000;
const NEAR_END = 48;

/**
 * `action(message)`, `footer(message)` and `quote(message)` give what stands around a message, or nothing; `press(message, button)` presses
 * a button under it.
 */
export function createList(around) {
  const list = h("ol", { class: "messages" });
  const intro = h("div", { class: "intro" });
  const newest = h(
    "button",
    { type: "button", class: "newest", hidden: true, onclick: () => toEnd() },
    "↓ Newest",
  );
  const scroller = h(
    "div",
    { class: "scroller", role: "log", "aria-live": "off", tabindex: "0" },
    intro,
    list,
  );
  const element = h("div", { class: "log" }, scroller, newest);
  const items = new Map();
  let pinned = true;

  const toEnd = () => {
    pinned = true;
    newest.hidden = true;
    scroller.scrollTop = scroller.scrollHeight;
  };
  scroller.addEventListener("scroll", () => {
    pinned = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
    if (pinned) newest.hidden = true;
  });
  const follow = new ResizeObserver(() => {
    if (pinned) toEnd();
    else newest.hidden = false;
  });
  follow.observe(scroller);
  follow.observe(list);

  return {
    element,
    toEnd,
    /** Brings a message into the middle, and marks it. */
    showMessage(id) {
      const element = list.querySelector(`[data-id="${CSS.escape(id)}"]`);
      if (!element) return;
      pinned = false;
      element.classList.add("is-linked");
      // Once what was just put there has its size.
      requestAnimationFrame(() => element.scrollIntoView({ block: "center" }));
    },
    setLabel: (text) => scroller.setAttribute("aria-label", text),
    setIntro: (...children) => intro.replaceChildren(...children),
    show(messages) {
      let last;
      let place = list.firstElementChild;
      const wanted = new Set(messages.map(({ room, id }) => `${room} ${id}`));
      for (const [key, item] of items)
        if (!wanted.has(key)) {
          if (place === item.element) place = place.nextElementSibling;
          item.element.remove();
          items.delete(key);
        }
      for (const message of messages) {
        const key = `${message.room} ${message.id}`;
        const item = items.get(key) ?? createItem(around);
        items.set(key, item);
        item.update(message, isFollowing(last, message));
        if (item.element === place) place = place.nextElementSibling;
        else list.insertBefore(item.element, place);
        last = message;
      }
      if (pinned) toEnd();
    },
  };
}

/** A page of a long reply, or the same person going on, needs no second head. */
function isFollowing(last, message) {
  return (
    last !== undefined &&
    !last.isNotice &&
    message.onlyFor === undefined &&
    last.onlyFor === undefined &&
    last.author.name === message.author.name &&
    message.at - last.at < GROUP_MS &&
    (message.replyTo === undefined || last.replyTo === message.replyTo)
  );
}

function fileLink({ name, size, href }) {
  const kilobytes = `${Math.max(1, Math.round(size / 1_000)).toLocaleString("en")} kB`;
  return h("a", { class: "file", href, download: name }, `${name}, ${kilobytes}`);
}

function card({ title, isDone }) {
  const mark = h("span", { class: isDone ? "card-mark is-done" : "card-mark", "aria-hidden": "true" });
  return h("li", {}, mark, title, h("span", { class: "visually-hidden" }, isDone ? ", done" : ", at work"));
}

function createItem({ action, footer, quote, press }) {
  const body = h("div", { class: "body" });
  const cards = h("ul", { class: "cards", hidden: true });
  const ifNewCards = onChange();
  const buttons = createButtons(press);
  const main = h("div", { class: "message-main" });
  const element = h("li", { class: "message" });
  let shown;
  let shownFollowing;

  const build = (message, following) => {
    const { id, author, at, isNotice, onlyFor, link } = message;
    element.dataset.id = id;
    const tool = action?.(message);
    element.className = [
      "message",
      author.isBot && "is-bot",
      following && "is-following",
      isNotice && "is-notice",
      onlyFor !== undefined && "is-private",
    ]
      .filter(Boolean)
      .join(" ");
    const name = h("span", { class: "author" }, author.name);
    const badge = author.isBot && h("span", { class: "badge" }, "APP");
    const head = h(
      "div",
      { class: following ? "head visually-hidden" : "head" },
      name,
      badge,
      link ? h("a", { class: "time", href: link }, timeElement(at)) : timeElement(at),
    );
    const note = onlyFor !== undefined && h("p", { class: "private-note" }, "Only visible to you");
    main.replaceChildren(...[note, head, cards, body, buttons.element].filter(Boolean));
    const side = following
      ? h("span", { class: "gutter", "aria-hidden": "true" }, timeText(at))
      : avatar(author.name, author.isBot);
    const above = following ? undefined : quote?.(message);
    element.replaceChildren(
      ...[above, side, main, tool && h("div", { class: "actions" }, tool)].filter(Boolean),
    );
  };

  return {
    element,
    update(message, following) {
      if (shown === undefined || shownFollowing !== following) build(message, following);
      if (shown?.html !== message.html) paint(body, message.html);
      ifNewCards(message.cards, () => {
        cards.replaceChildren(...(message.cards ?? []).map(card));
        cards.hidden = cards.children.length === 0;
      });
      buttons.update(message);
      const below = [
        ...(message.files ?? []).map(fileLink),
        message.edited && h("span", { class: "edited" }, "(edited)"),
        footer?.(message),
      ].filter(Boolean);
      // Built anew only when it says something else: a button keeps its focus.
      const old = main.querySelector(":scope > .below");
      const fresh = h("div", { class: "below" }, ...below);
      if (!old) main.append(fresh);
      else if (!old.isEqualNode(fresh)) old.replaceWith(fresh);
      shown = message;
      shownFollowing = following;
    },
  };
}
