// The line under a place: who types there or what the bot does, and the platform's own button that stops it.
import { h, onChange } from "./dom.js";

/** So long each of several words stands, in milliseconds. */
const TURN_MS = 2_500;

/** `stop()` presses the button, and rejects with what to tell. */
export function createSign(stop) {
  const words = h("span", {});
  const said = h("span", { class: "sign-text" });
  const button = h("button", { type: "button", class: "sign-stop" }, "Stop");
  const problem = h("span", { class: "sign-problem", role: "alert" });
  const element = h("div", { class: "sign" }, said, problem);
  const ifNew = onChange();
  let turning;

  button.addEventListener("click", async () => {
    problem.textContent = "";
    button.setAttribute("aria-busy", "true");
    try {
      await stop();
    } catch (error) {
      problem.textContent = error.message;
    } finally {
      button.removeAttribute("aria-busy");
    }
  });

  const say = (texts) => {
    clearInterval(turning);
    let shown = 0;
    words.textContent = texts[0] ?? "";
    said.replaceChildren(...(texts[0] ? [h("span", { class: "dots", "aria-hidden": "true" }), words] : []));
    if (texts.length < 2) return;
    turning = setInterval(() => {
      shown += 1;
      words.textContent = texts[shown % texts.length];
    }, TURN_MS);
  };

  return {
    element,
    /** `sign`: as the server tells it, or nothing. `bot`: who works where only the button says so. */
    show({ text = "", meanwhile = [], stop: canStop } = {}, bot = "") {
      const working = canStop && text === "" ? `${bot} is answering…` : text;
      ifNew([working, meanwhile], () => say(working === "" ? [] : [working, ...meanwhile]));
      if (Boolean(canStop) === button.isConnected) return;
      problem.textContent = "";
      if (canStop) return element.append(button);
      const hadFocus = button === document.activeElement;
      button.remove();
      // Who pressed it stays where they are.
      if (hadFocus) element.previousElementSibling?.querySelector("textarea")?.focus();
    },
  };
}
