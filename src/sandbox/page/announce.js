// Tells a screen reader of replies when they are whole, not of each edit.

/** So long without an edit, and nobody typing: the reply is taken to be whole. */
const QUIET_MS = 4_000;

export function announceReplies(store, announcer) {
  const timers = new Map();
  const announce = (side, message) => {
    const key = `${side} ${message.room} ${message.id}`;
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        const room = store.room(side, message.room);
        const where = room?.kind === "dm" ? "a direct message" : (room?.name ?? "");
        announcer.textContent = `${message.author.name} in ${where}: ${store.message(side, message.room, message.id)?.plain ?? ""}`;
      }, QUIET_MS),
    );
  };
  store.listen(({ kind, side, messages }) => {
    if (kind !== "change") return;
    for (const message of messages) {
      const { author, isNotice, onlyFor = store.state.speaker } = message;
      if (author.isBot && !isNotice && onlyFor === store.state.speaker) announce(side, message);
    }
  });
}
