// One platform: its channels, the open one, and (Slack) the open thread.
import { createAround } from "./around.js";
import { h, onChange } from "./dom.js";
import { introOf } from "./intro.js";
import { createPane } from "./pane.js";
import { createRooms } from "./rooms.js";
import { ask } from "./stream.js";

/** Builds the side into `root`. `name` is "slack" or "discord". */
export function createSide({ name, root, store }) {
  const isSlack = name === "slack";
  const open = { room: undefined, root: undefined, replyTo: undefined };
  const unread = new Set();
  /** Slack: what one has just said at the top level. Its thread opens by itself when something happens there. */
  let awaitedThread;
  /** Discord: a post that one has just begun. The server tells of it a moment later. */
  let awaitedRoom;

  const ifNewIntro = onChange();

  const roomNow = () => store.room(name, open.room);
  const isOpen = (id) => id === open.room;
  const rooms = createRooms({ name, store, unread, isOpen, choose: openRoom });
  const around = createAround({
    side: name,
    store,
    go: { answer, openRoom, openThread: (id) => openThread(id, true) },
  });
  const press = (message, button) =>
    ask("/api/press", {
      side: name,
      room: message.room,
      id: message.id,
      person: store.state.speaker,
      button,
    });
  const room = createPane({
    id: `${name}-room-input`,
    side: name,
    store,
    around: { ...around, press },
    where: () => ({
      room: open.room,
      label: rooms.label(roomNow()),
      inThread: roomNow()?.kind === "thread",
      needsMention: needsMention(),
    }),
    send: (text) => say(text),
  });
  const thread = createPane({
    id: `${name}-thread-input`,
    side: name,
    store,
    around: { press },
    where: () => ({
      room: open.room,
      root: open.root,
      label: "the thread",
      inThread: true,
      needsMention: needsMention(open.root),
    }),
    send: (text) => say(text, open.root),
  });

  const title = h("h2", {});
  const topic = h("p", { class: "topic" });
  const close = h(
    "button",
    { type: "button", class: "close", "aria-label": "Close the thread", onclick: () => openThread() },
    "✕",
  );
  const head = h("header", { class: "pane-head" }, rooms.select, title, topic);
  const threadTitle = h("h3", {});
  const threadHead = h("header", { class: "pane-head" }, threadTitle, close);
  const threadPane = h(
    "aside",
    { class: "thread", "aria-label": "Thread", hidden: true },
    threadHead,
    ...thread.parts,
  );
  threadPane.addEventListener("keydown", ({ key }) => key === "Escape" && openThread());
  root.append(rooms.element, h("div", { class: "room" }, head, ...room.parts));
  if (isSlack) root.append(threadPane);

  /** In a DM, in a reply to the bot and in a thread that it takes part in, the bot need not be called. */
  function needsMention(rootId) {
    if (roomNow()?.kind === "dm") return false;
    if (open.replyTo) return !store.message(name, open.room, open.replyTo)?.author.isBot;
    const isThread = rootId !== undefined || roomNow()?.kind === "thread";
    return !(isThread && store.messagesIn(name, open.room, rootId).some(({ author }) => author.isBot));
  }

  async function say(text, rootId) {
    const wish = { side: name, room: open.room, person: store.state.speaker, text, root: rootId };
    const said = await ask("/api/say", { ...wish, replyTo: open.replyTo });
    // A command leaves nothing behind.
    if (isSlack && rootId === undefined && said.id !== undefined) awaitedThread = said.id;
    answer(undefined);
    if (isOpen(said.room)) return;
    awaitedRoom = said.room;
    openRoom(said.room);
  }

  /** Discord: what one writes next is a reply to this message. */
  function answer(id) {
    open.replyTo = id;
    const message = id && store.message(name, open.room, id);
    const attributes = { type: "button", "aria-label": "Do not reply", onclick: () => answer(undefined) };
    const above = message
      ? [h("span", {}, "Replying to ", h("strong", {}, message.author.name)), h("button", attributes, "✕")]
      : [];
    room.composer.above.replaceChildren(...above);
    room.composer.refresh();
    if (message) room.composer.focus();
  }

  function openRoom(id) {
    open.room = id;
    unread.delete(id);
    awaitedThread = undefined;
    answer(undefined);
    openThread();
    refresh();
    room.list.toEnd();
    // The bot may want to suggest something. Nothing is missing where it is not told.
    if (isSlack && roomNow()?.kind === "dm")
      ask("/api/open", { side: name, room: id, person: store.state.speaker }).catch(() => {});
  }

  function openThread(rootId, focus = false) {
    const hadFocus = threadPane.contains(document.activeElement);
    open.root = rootId;
    threadPane.hidden = rootId === undefined;
    if (rootId === undefined) {
      if (hadFocus) room.composer.focus();
      return;
    }
    refreshThread();
    thread.list.toEnd();
    if (focus) thread.composer.focus();
  }

  function followAwaited() {
    if (awaitedThread === undefined) return;
    const isAnswered = store.messagesIn(name, open.room, awaitedThread).length > 1;
    const { text = "", stop } = store.signIn(name, open.room, awaitedThread) ?? {};
    if (!isAnswered && text === "" && !stop) return;
    const answered = awaitedThread;
    awaitedThread = undefined;
    openThread(answered);
  }

  function refresh() {
    const now = roomNow();
    const label = rooms.label(now);
    title.textContent = label;
    topic.textContent = now?.topic ?? "";
    rooms.refresh();
    followAwaited();
    ifNewIntro([now?.id, label, now?.prompts], () =>
      room.list.setIntro(...introOf(name, now, { bot: store.state.bot, label, ask: say })),
    );
    room.refresh();
    if (open.root !== undefined) refreshThread();
  }

  function refreshThread() {
    threadTitle.textContent = store.signIn(name, open.room, open.root)?.title ?? "Thread";
    thread.refresh();
  }

  /** The open room is gone, or is the DM of somebody who does not speak now. */
  function isLost() {
    const now = roomNow();
    if (!now) return open.room === undefined || open.room !== awaitedRoom;
    return now.person !== undefined && now.person !== store.state.speaker;
  }

  store.listen(({ kind, side, fresh }) => {
    if (kind === "behind" || (side !== undefined && side !== name)) return;
    for (const message of fresh ?? [])
      if (message.author.isBot && !isOpen(message.room) && message.onlyFor === undefined)
        unread.add(message.room);
    if (isLost()) openRoom(rooms.first());
    else refresh();
  });

  return {
    /** Opens the message's room, in Slack its thread as well, and shows it. */
    goTo({ room: id, id: message, root: rootId }) {
      openRoom(id);
      const isRoot = isSlack && store.messagesIn(name, id, message).length > 1;
      if (rootId !== undefined || isRoot) openThread(rootId ?? message);
      (rootId === undefined ? room : thread).list.showMessage(message);
    },
  };
}
