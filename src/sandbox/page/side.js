// One platform: its channels, the open one, and (Slack) the open thread.
import { createComposer } from "./composer.js";
import { h, plural, timeText } from "./dom.js";
import { createList } from "./messages.js";
import { createRooms } from "./rooms.js";
import { ask } from "./stream.js";

/** Builds the side into `root`. `name` is "slack" or "discord". */
export function createSide({ name, root, store }) {
  const open = { room: undefined, root: undefined, replyTo: undefined };
  /** Slack: what one has just said at the top level; its thread opens by itself when something happens there. */
  let awaited;
  const unread = new Set();
  const isSlack = name === "slack";

  const title = h("h2", {});
  const topic = h("p", { class: "topic" });
  const rooms = createRooms({
    name,
    store,
    unread,
    isOpen: (id) => id === open.room,
    choose: (id) => openRoom(id),
  });
  const room = createPane({ part: "room", inThread: () => store.room(name, open.room)?.kind === "thread" });
  const thread = createPane({ part: "thread", inThread: () => true });
  const close = h(
    "button",
    { type: "button", class: "close", "aria-label": "Close the thread", onclick: () => openThread() },
    "✕",
  );
  const threadPane = h(
    "aside",
    { class: "thread", "aria-label": "Thread", hidden: true },
    h("header", { class: "pane-head" }, h("h3", {}, "Thread"), close),
    ...thread.parts,
  );
  root.append(
    rooms.element,
    h(
      "div",
      { class: "room" },
      h("header", { class: "pane-head" }, rooms.select, title, topic),
      ...room.parts,
    ),
  );
  if (isSlack) root.append(threadPane);
  threadPane.addEventListener("keydown", ({ key }) => key === "Escape" && openThread());

  /** A list with its composer and the line that says who types. */
  function createPane({ part, inThread }) {
    const rootOf = () => (part === "thread" ? open.root : undefined);
    const list = createList({
      label: "Messages",
      actions,
      footer: part === "room" ? footer : undefined,
      quote: isSlack ? undefined : quote,
    });
    const sign = h("p", { class: "sign" });
    const composer = createComposer({
      id: `${name}-${part}-input`,
      names: () => [
        { name: store.state.bot, note: "the bot" },
        ...store.state.people.map((one) => ({ name: one.name, note: one.isYou ? "you" : "" })),
      ],
      place: () => ({
        name: part === "thread" ? "the thread" : rooms.label(store.room(name, open.room)),
        bot: store.state.bot,
        isForum: store.room(name, open.room)?.kind === "forum",
        inThread: inThread(),
        needsMention: needsMention(rootOf()),
      }),
      send: (text) => say(text, rootOf(), list),
    });
    return {
      parts: [list.element, composer.element, sign],
      list,
      composer,
      refresh() {
        list.show(store.messagesIn(name, open.room, rootOf()));
        const text = store.signIn(name, open.room, rootOf());
        if (sign.textContent !== text)
          sign.replaceChildren(text && h("span", { class: "dots", "aria-hidden": "true" }), text);
        composer.refresh();
      },
    };
  }

  /** In a DM, in a reply to the bot and (Slack) in a thread that it takes part in, the bot need not be called. */
  function needsMention(rootId) {
    if (store.room(name, open.room)?.kind === "dm") return false;
    if (open.replyTo) return !store.message(name, open.room, open.replyTo)?.author.isBot;
    const isThread = rootId !== undefined || store.room(name, open.room)?.kind === "thread";
    return !(isThread && store.messagesIn(name, open.room, rootId).some(({ author }) => author.isBot));
  }

  async function say(text, rootId, list) {
    const { replyTo } = open;
    const said = await ask("/api/say", {
      side: name,
      room: open.room,
      person: store.state.speaker,
      text,
      root: rootId,
      replyTo,
    });
    list.toEnd();
    if (isSlack && rootId === undefined) awaited = said.id;
    if (said.room !== open.room) openRoom(said.room);
    answer(undefined);
  }

  function answer(id) {
    open.replyTo = id;
    const message = id && store.message(name, open.room, id);
    room.composer.above.replaceChildren(
      ...(message
        ? [
            h("span", {}, "Replying to ", h("strong", {}, message.author.name)),
            h(
              "button",
              { type: "button", "aria-label": "Do not reply", onclick: () => answer(undefined) },
              "✕",
            ),
          ]
        : []),
    );
    room.composer.refresh();
    if (message) room.composer.focus();
  }

  function actions(message) {
    if (message.isNotice) return [];
    if (!isSlack)
      return [
        h(
          "button",
          {
            type: "button",
            "aria-label": `Reply to ${message.author.name}`,
            onclick: () => answer(message.id),
          },
          "↩ Reply",
        ),
      ];
    if (message.root !== undefined || open.root === message.id) return [];
    return [
      h(
        "button",
        {
          type: "button",
          "aria-label": `Reply in a thread to ${message.author.name}`,
          onclick: () => openThread(message.id, true),
        },
        "↩ Thread",
      ),
    ];
  }

  function footer(message) {
    if (message.threadRoom) {
      const count = store.messagesIn(name, message.threadRoom).length;
      const label = store.room(name, message.threadRoom)?.name ?? "Thread";
      return h(
        "button",
        { type: "button", class: "thread-link", onclick: () => openRoom(message.threadRoom) },
        h("strong", {}, label),
        ` ${plural(count, "message")} ›`,
      );
    }
    const replies = store.messagesIn(name, message.room, message.id).filter(({ id }) => id !== message.id);
    if (!isSlack || replies.length === 0) return undefined;
    return h(
      "button",
      { type: "button", class: "thread-link", onclick: () => openThread(message.id, true) },
      h("strong", {}, plural(replies.length, "reply", "replies")),
      ` last at ${timeText(replies.at(-1).at)}`,
    );
  }

  /** Discord: above a reply stands what it answers. */
  function quote({ replyTo, room: id }) {
    if (replyTo === undefined) return undefined;
    const answered = store.message(name, id, replyTo);
    return h(
      "div",
      { class: "quote" },
      h("span", { class: "visually-hidden" }, "In reply to "),
      ...(answered
        ? [h("strong", {}, `@${answered.author.name}`), h("span", {}, answered.plain)]
        : [h("em", {}, "a message that is gone")]),
    );
  }

  function openRoom(id) {
    open.room = id;
    unread.delete(id);
    awaited = undefined;
    answer(undefined);
    openThread();
    refresh();
    room.list.toEnd();
  }

  function openThread(rootId, focus = false) {
    if (open.root === rootId && !focus) return;
    const hadFocus = threadPane.contains(document.activeElement);
    open.root = rootId;
    threadPane.hidden = rootId === undefined;
    root.classList.toggle("has-thread", rootId !== undefined);
    if (rootId === undefined && hadFocus) room.composer.focus();
    if (rootId === undefined) return;
    thread.refresh();
    thread.list.toEnd();
    if (focus) thread.composer.focus();
  }

  function followAwaited() {
    if (awaited === undefined) return;
    const replies = store.messagesIn(name, open.room, awaited).length > 1;
    if (!replies && store.signIn(name, open.room, awaited) === "") return;
    openThread(awaited);
    awaited = undefined;
  }

  function refresh() {
    const now = store.room(name, open.room);
    title.textContent = rooms.label(now);
    topic.textContent = now?.topic ?? "";
    room.list.setLabel(`Messages in ${rooms.label(now)}`);
    rooms.refresh();
    followAwaited();
    room.refresh();
    if (open.root !== undefined) thread.refresh();
  }

  store.listen(({ kind, side, fresh }) => {
    if (kind === "behind" || (side !== undefined && side !== name)) return;
    for (const message of fresh ?? [])
      if (message.room !== open.room && message.author.isBot) unread.add(message.room);
    const known = store.room(name, open.room);
    if (!known || (known.person ?? store.state.speaker) !== store.state.speaker) openRoom(rooms.first());
    else refresh();
  });
}
