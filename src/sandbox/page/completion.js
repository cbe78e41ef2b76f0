// `@` offers whom one can mention: the bot first.
import { h } from "./dom.js";

const ASKED = /(?:^|[\s(])@([\p{L}\p{N}_]*)$/u;

/** Turns a textarea into a combobox for mentions. `names()` gives the names, the likeliest first. */
export function completeMentions(input, names) {
  const list = h("ul", {
    class: "completion",
    role: "listbox",
    id: `${input.id}-names`,
    "aria-label": "People to mention",
    hidden: true,
  });
  let found = [];
  let chosen = 0;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  const asked = () => ASKED.exec(input.value.slice(0, input.selectionStart))?.[1];
  const close = () => {
    found = [];
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = () => {
    for (const [index, option] of [...list.children].entries())
      option.setAttribute("aria-selected", String(index === chosen));
    input.setAttribute("aria-activedescendant", `${list.id}-${chosen}`);
  };
  const take = (name) => {
    const end = input.selectionStart;
    const start = end - (asked() ?? "").length - 1;
    input.setRangeText(`@${name} `, start, end, "end");
    close();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  };
  const open = () => {
    const begun = asked()?.toLowerCase();
    found = begun === undefined ? [] : names().filter(({ name }) => name.toLowerCase().startsWith(begun));
    if (found.length === 0) return close();
    chosen = 0;
    list.replaceChildren(
      ...found.map(({ name, note }, index) =>
        h(
          "li",
          {
            role: "option",
            id: `${list.id}-${index}`,
            onpointerdown: (event) => (event.preventDefault(), take(name)),
          },
          h("strong", {}, `@${name}`),
          h("span", {}, note),
        ),
      ),
    );
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark();
  };

  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  // Before the composer's own keys: Enter takes a name here, and sends there.
  input.addEventListener("keydown", (event) => {
    if (found.length === 0 || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      chosen = (chosen + step + found.length) % found.length;
      mark();
    } else if (event.key === "Enter" || event.key === "Tab") take(found[chosen].name);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  return list;
}
