// What the server said, and whom to tell when it says more.

const keyOf = ({ room, id }) => `${room} ${id}`;
const byTime = (a, b) => a.at - b.at || (a.id < b.id ? -1 : 1);

export function createStore() {
  const state = { bot: "", people: [], speaker: "", behind: undefined, sides: {} };
  const listeners = new Set();
  const tell = (news) => {
    for (const listener of listeners) listener(news);
  };

  return {
    state,
    /** `listener({ kind, side, messages })` is called after every change. Returns what ends it. */
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replaceAll({ bot, people, sides, behind, console }) {
      const speaker = people.some(({ key }) => key === state.speaker) ? state.speaker : people[0].key;
      Object.assign(state, { bot, people, behind, speaker, console });
      for (const [name, { rooms, messages, signs }] of Object.entries(sides))
        state.sides[name] = { rooms, signs, messages: new Map(messages.map((one) => [keyOf(one), one])) };
      tell({ kind: "snapshot" });
    },
    change(sides) {
      for (const [name, { rooms, messages, gone, signs }] of Object.entries(sides)) {
        const side = state.sides[name];
        if (!side) continue;
        if (rooms) side.rooms = rooms;
        if (signs) side.signs = signs;
        const fresh = messages.filter((message) => !side.messages.has(keyOf(message)));
        for (const message of messages) side.messages.set(keyOf(message), message);
        for (const one of gone) side.messages.delete(keyOf(one));
        tell({ kind: "change", side: name, messages, fresh, rooms: rooms !== undefined });
      }
    },
    setBehind(behind) {
      state.behind = behind;
      tell({ kind: "behind" });
    },
    setSpeaker(key) {
      state.speaker = key;
      tell({ kind: "speaker" });
    },
    speakerName: () => state.people.find(({ key }) => key === state.speaker)?.name ?? "",
    room: (side, id) => state.sides[side]?.rooms.find((room) => room.id === id),
    message: (side, room, id) => state.sides[side]?.messages.get(keyOf({ room, id })),
    /** What a channel shows (no `root`), or one thread of Slack with its first message. Oldest first. */
    messagesIn(side, room, root) {
      const all = [...(state.sides[side]?.messages.values() ?? [])].filter(
        (one) => one.room === room && (one.onlyFor === undefined || one.onlyFor === state.speaker),
      );
      const shown = root
        ? all.filter((one) => one.id === root || one.root === root)
        : all.filter((one) => one.root === undefined || one.isBroadcast);
      return shown.sort(byTime);
    },
    /** What is told of a place beside its messages, if anything is. */
    signIn: (side, room, root) =>
      state.sides[side]?.signs.find((sign) => sign.room === room && sign.root === root),
  };
}
