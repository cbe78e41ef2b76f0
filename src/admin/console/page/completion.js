// Completion in the query box: fields, values and names, as the console knows them.
import { ask, settled } from "./ask.js";

const PAUSE_MS = 90;
const input = document.querySelector("[data-complete]");
const list = document.getElementById("completions");
let asking = new AbortController();
let found;
let chosen = -1;

async function complete() {
  asking.abort();
  asking = new AbortController();
  const at = input.selectionStart ?? input.value.length;
  const asked = new URLSearchParams({ q: input.value, at: String(at) });
  try {
    const response = await ask(`${input.dataset.complete}?${asked}`, asking.signal);
    if (!response?.ok) return close();
    open(await response.json());
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

function open(completion) {
  const written = input.value.slice(completion.from, completion.to);
  const items = completion.items.filter(({ text }) => text !== written);
  if (items.length === 0 || document.activeElement !== input) return close();
  [found, chosen] = [{ ...completion, items }, -1];
  list.replaceChildren(...items.map(option));
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  input.removeAttribute("aria-activedescendant");
}

function option({ text, meaning }, index) {
  const item = document.createElement("li");
  item.id = `completion-${index}`;
  item.role = "option";
  item.setAttribute("aria-selected", "false");
  const code = document.createElement("code");
  code.textContent = text;
  item.append(code);
  if (meaning !== undefined) {
    const span = document.createElement("span");
    span.textContent = meaning;
    item.append(span);
  }
  // Before the input would lose the focus.
  item.addEventListener("mousedown", (event) => {
    event.preventDefault();
    accept(index);
  });
  return item;
}

function close() {
  asking.abort();
  [found, chosen] = [undefined, -1];
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function choose(index) {
  const count = found.items.length;
  chosen = (index + count) % count;
  for (const [at, item] of [...list.children].entries()) {
    item.setAttribute("aria-selected", String(at === chosen));
    if (at === chosen) item.scrollIntoView({ block: "nearest" });
  }
  input.setAttribute("aria-activedescendant", `completion-${chosen}`);
}

/** A field goes on with its value; a value is whole. */
function accept(index) {
  const { from, to, items } = found;
  const { text } = items[index];
  const rest = input.value.slice(to);
  const written = text.endsWith(":") || /^\s/.test(rest) ? text : `${text} `;
  input.value = input.value.slice(0, from) + written + rest;
  input.setSelectionRange(from + written.length, from + written.length);
  close();
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function pressed(event) {
  if (event.isComposing) return;
  if (!found) {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      void complete();
    }
    return;
  }
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
  else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) accept(chosen);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
}

if (input && list) {
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  }))
    input.setAttribute(name, value);
  input.addEventListener("input", settled(PAUSE_MS, complete));
  input.addEventListener("keydown", pressed);
  input.addEventListener("blur", close);
}
