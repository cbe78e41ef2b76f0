// A list of messages with its composer and the line that says who types.
import { createComposer } from "./composer.js";
import { createList } from "./messages.js";
import { createSign } from "./sign.js";

/**
 * `where()` says what is shown: `{ room, root, label, inThread, needsMention }`. `around` dresses the messages; its `press(message, button)`
 * also stops what goes on in the place.
 */
export function createPane({ id, side, store, where, around, send }) {
  const list = createList(around);
  const sign = createSign(() => {
    const { room, root } = where();
    return around.press({ room, id: root }, store.signIn(side, room, root)?.stop);
  });
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
    parts: [list.element, composer.element, sign.element],
    list,
    composer,
    refresh() {
      const { room, root, label } = where();
      list.setLabel(`Messages in ${label}`);
      list.show(store.messagesIn(side, room, root));
      sign.show(store.signIn(side, room, root), store.state.bot);
      composer.refresh();
    },
  };
}
