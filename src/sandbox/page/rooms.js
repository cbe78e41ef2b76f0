// The list of channels, and the same as a menu where there is no room for a list.
import { avatar, h, onChange } from "./dom.js";

/** `choose(id)` opens a room, `isOpen(id)` says whether it is the open one. */
export function createRooms({ name, store, unread, isOpen, choose }) {
  const platform = name === "slack" ? "Slack" : "Discord";
  const element = h("nav", { class: "rooms", "aria-label": `${platform} channels` });
  const select = h("select", {
    class: "room-select",
    "aria-label": `${platform} channel`,
    onchange: () => choose(select.value),
  });

  const ifNew = onChange();

  /** The speaker's own DM only, and threads below their channels. */
  const visible = () => {
    const rooms = (store.state.sides[name]?.rooms ?? []).filter(
      ({ person }) => (person ?? store.state.speaker) === store.state.speaker,
    );
    return rooms
      .filter(({ kind }) => kind === "channel" || kind === "forum")
      .flatMap((channel) => [channel, ...rooms.filter(({ parent }) => parent === channel.id)])
      .concat(rooms.filter(({ kind }) => kind === "dm"));
  };
  const label = (room) => {
    if (!room) return "";
    if (room.kind === "dm") return store.state.bot;
    return room.kind === "thread" ? room.name : `#${room.name}`;
  };
  const entry = (room) => {
    const sign = { channel: "#", forum: "☰", thread: "↳" }[room.kind];
    const attributes = { type: "button", class: `entry entry-${room.kind}`, onclick: () => choose(room.id) };
    if (isOpen(room.id)) attributes["aria-current"] = "page";
    if (unread.has(room.id)) attributes.class += " is-unread";
    const mark = sign
      ? h("span", { class: "sign-mark", "aria-hidden": "true" }, sign)
      : avatar(store.state.bot, true);
    const news = unread.has(room.id) && h("span", { class: "visually-hidden" }, ", new messages");
    return h(
      "li",
      {},
      h(
        "button",
        attributes,
        mark,
        h("span", { class: "name" }, room.kind === "dm" ? store.state.bot : room.name),
        news,
      ),
    );
  };

  const build = (rooms) => {
    const isDm = ({ kind }) => kind === "dm";
    const buttons = () => [...element.querySelectorAll("button")];
    const focused = buttons().indexOf(document.activeElement);
    element.replaceChildren(
      h("p", { class: "workspace" }, h("span", { class: "platform" }, platform), "Sandbox"),
      h("h3", {}, name === "slack" ? "Channels" : "Text channels"),
      h("ul", {}, ...rooms.filter((room) => !isDm(room)).map(entry)),
      h("h3", {}, "Direct messages"),
      h("ul", {}, ...rooms.filter(isDm).map(entry)),
    );
    buttons()[focused]?.focus();
    select.replaceChildren(
      ...rooms.map((room) => {
        const text = (room.kind === "thread" ? "↳ " : "") + label(room);
        return h("option", { value: room.id, selected: isOpen(room.id) }, text);
      }),
    );
  };

  return {
    element,
    select,
    label,
    /** Where a newcomer begins: where colleagues are talking already. */
    first: () => (visible().find((room) => room.name === "support") ?? visible()[0])?.id,
    refresh() {
      const rooms = visible();
      ifNew([rooms, rooms.find(({ id }) => isOpen(id))?.id, [...unread]], () => build(rooms));
    },
  };
}
