// A list of messages with its composer and the line that says who types.
import { createComposer } from "./composer.js";
import { h } from "./dom.js";
import { createList } from "./messages.js";

/** `where()` says what is shown: `{ room, root, label, inThread, needsMention }`. `around` dresses the messages. */
export function createPane({ id, side, store, where, around, send }) {
  const list = createList(around);
  const sign = h("p", { class: "sign" });
  const composer = createComposer({
    id,
    send: async (text) => {
      await send(text);
      list.toEnd();
    },
    names: () => [
      { name: store.state.bot, note: "the bot" },
      ...store.state.people.map((one) => ({ name: one.name, note: one.isYou ? "you" : "" })),
    ],
    place: () => {
      const { room, ...place } = where();
      return { ...place, bot: store.state.bot, isForum: store.room(side, room)?.kind === "forum" };
    },
  });

  return {
    parts: [list.element, composer.element, sign],
    list,
    composer,
    refresh() {
      const { room, root, label } = where();
      list.setLabel(`Messages in ${label}`);
      list.show(store.messagesIn(side, room, root));
      const text = store.signIn(side, room, root);
      if (sign.textContent !== text)
        sign.replaceChildren(text && h("span", { class: "dots", "aria-hidden": "true" }), text);
      composer.refresh();
    },
  };
}
