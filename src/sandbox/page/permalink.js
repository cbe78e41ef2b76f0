// The address of a message, as the platforms have them: opens its place and shows it.

/** Which message the page's address names, if it names one. */
function linkedBy({ pathname, search }) {
  const [, channel, seconds, micros] = /^\/archives\/(\w+)\/p(\d+)(\d{6})\/?$/.exec(pathname) ?? [];
  const root = new URLSearchParams(search).get("thread_ts") ?? undefined;
  if (channel) return { side: "slack", room: channel, id: `${seconds}.${micros}`, root };
  const [, room, id] = /^\/channels\/(?:@me|\d+)\/(\d+)\/(\d+)\/?$/.exec(pathname) ?? [];
  return room && { side: "discord", room, id };
}

/** `show(side)` brings a side in front, where there is room for one; `tell(text)` says what is not there. */
export function followAddress({ store, sides, show, speakAs, tell }) {
  const linked = linkedBy(location);
  if (!linked) return;
  const end = store.listen(({ kind }) => {
    if (kind !== "snapshot") return;
    end();
    const room = store.room(linked.side, linked.room);
    if (!room)
      return tell("The message of this address is not in this sandbox: it may be another's, or of the demo.");
    if (room.person !== undefined) speakAs(room.person);
    show(linked.side);
    sides[linked.side].goTo(linked);
  });
}
