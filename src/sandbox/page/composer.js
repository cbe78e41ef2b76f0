// Where a person types.
import { completeMentions } from "./completion.js";
import { h, onChange } from "./dom.js";

const EXAMPLES = [
  { label: "All of Markdown", text: "show me all of Markdown" },
  { label: "Code", text: "write a function in TypeScript" },
  { label: "A table", text: "a table with 5 rows" },
  { label: "Tools", text: "use your tools" },
  { label: "Its memory", text: "what did I ask first?" },
  { label: "3,000 words", text: "write 3000 words about telephones" },
  { label: "A failure", text: "fail half-way please" },
];
const CATCH_UP = { label: "Catch up", text: "what was said so far?" };

/**
 * `send(text)` posts, and rejects with what to tell. `names()` gives whom one can mention. `place()` says where one is:
 * `{ label, bot, needsMention, inThread, isForum }`.
 */
export function createComposer({ id, send, names, place }) {
  const input = h("textarea", { id, rows: "1", autocomplete: "off", spellcheck: "true" });
  const list = completeMentions(input, names);
  const button = h("button", { type: "submit", class: "send", "aria-label": "Send" }, "➤");
  const problem = h("p", { class: "problem", role: "alert" });
  const examples = h("div", { class: "examples", role: "group", "aria-label": "Examples to try" });
  const above = h("div", { class: "above" });
  const form = h(
    "form",
    { class: "composer" },
    examples,
    above,
    h("div", { class: "box" }, input, button),
    list,
    problem,
  );

  const ifNew = onChange();

  const fit = () => {
    input.rows = Math.min(8, Math.max(1, input.value.split("\n").length));
    button.disabled = input.value.trim() === "";
  };
  const put = (text) => {
    input.value = text;
    fit();
    problem.textContent = "";
    input.focus();
    input.setSelectionRange(text.length, text.length);
  };
  const submit = async () => {
    const text = input.value.trim();
    if (text === "") return;
    input.value = "";
    fit();
    try {
      await send(text);
      problem.textContent = "";
    } catch (error) {
      if (input.value === "") input.value = text;
      fit();
      problem.textContent = error.message;
    }
  };
  input.addEventListener("input", fit);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void submit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  fit();

  const describe = ({ label, bot, needsMention, inThread, isForum }) => {
    const call = needsMention ? `@${bot} ` : "";
    const usual = needsMention ? `Message ${label}, @${bot} to call it` : `Message ${label}`;
    const forum = "Title in the first line, your question below (Shift+Enter)";
    input.setAttribute("aria-label", `Message ${label}`);
    input.placeholder = isForum ? forum : usual;
    const offered = inThread ? [CATCH_UP, ...EXAMPLES] : EXAMPLES;
    examples.replaceChildren(
      ...offered.map(({ label: short, text }) =>
        h("button", { type: "button", title: call + text, onclick: () => put(call + text) }, short),
      ),
    );
  };

  return {
    element: form,
    above,
    focus: () => input.focus(),
    /** Says anew where one is. */
    refresh() {
      const now = place();
      ifNew(now, () => describe(now));
    },
  };
}
