// A reply while it is written: its turn is put in its place anew with each change, until it has ended.
import { announce } from "./ask.js";

for (const turn of document.querySelectorAll("[data-live]")) {
  const source = new EventSource(turn.dataset.live);
  source.addEventListener("turn", ({ data }) => {
    turn.innerHTML = data;
  });
  source.addEventListener("end", () => {
    source.close();
    turn.removeAttribute("data-live");
    turn.removeAttribute("aria-busy");
    document.querySelector(".state.is-open")?.remove();
    announce("The reply has ended.");
  });
}
