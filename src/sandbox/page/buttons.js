// The buttons under a message. They stay while they are the same, whatever is painted above: a click and the focus are not lost.
import { h, onChange } from "./dom.js";

/** `press(message, button)` rejects with what to tell. */
export function createButtons(press) {
  const row = h("div", { class: "buttons-row" });
  const said = h("p", { class: "buttons-said", role: "alert" });
  const element = h("div", { class: "buttons", hidden: true }, row, said);
  const ifNew = onChange();
  let shown;

  const push = async (button, event) => {
    const { currentTarget } = event;
    if (currentTarget.getAttribute("aria-busy") === "true") return;
    currentTarget.setAttribute("aria-busy", "true");
    said.textContent = "";
    try {
      await press(shown, button);
    } catch (error) {
      said.textContent = error.message;
    } finally {
      currentTarget.removeAttribute("aria-busy");
    }
  };

  return {
    element,
    update(message) {
      shown = message;
      ifNew(message.buttons, () => {
        const hadFocus = element.contains(document.activeElement);
        said.textContent = "";
        row.replaceChildren(
          ...message.buttons.map(({ id, label, isPrimary }) =>
            h(
              "button",
              { type: "button", class: isPrimary ? "is-primary" : "", onclick: (event) => push(id, event) },
              label,
            ),
          ),
        );
        element.hidden = message.buttons.length === 0;
        // A button that was pressed and is gone must not throw the reader back to the top of the page.
        if (hadFocus) (row.firstElementChild ?? element.closest(".scroller"))?.focus();
      });
    },
  };
}
