// The page: two sides, who speaks, and what happens behind the scenes.
import { announceReplies } from "./announce.js";
import { showBehind } from "./behind.js";
import { h } from "./dom.js";
import { followAddress } from "./permalink.js";
import { createSide } from "./side.js";
import { createStore } from "./store.js";
import { follow } from "./stream.js";

const store = createStore();
const find = (selector) => document.querySelector(selector);

const sides = Object.fromEntries(
  ["slack", "discord"].map((name) => [name, createSide({ name, root: find(`#${name}`), store })]),
);
showBehind(store, find(".behind"));
announceReplies(store, find("#announcer"));

const speaker = find("#speaker");
speaker.addEventListener("change", () => store.setSpeaker(speaker.value));
store.listen(({ kind }) => {
  if (kind !== "snapshot") return;
  speaker.replaceChildren(
    ...store.state.people.map(({ key, name, isYou }) =>
      h("option", { value: key, selected: key === store.state.speaker }, isYou ? `${name} (you)` : name),
    ),
  );
});

const consoleLink = find(".console");
store.listen(({ kind }) => {
  if (kind !== "snapshot" || store.state.console === undefined) return;
  consoleLink.href = store.state.console;
  consoleLink.hidden = false;
});

const stage = find(".stage");
const switches = [...document.querySelectorAll(".sides-switch button")];
const show = (side) => {
  stage.dataset.shown = side;
  for (const button of switches) button.setAttribute("aria-pressed", String(button.dataset.side === side));
};
for (const button of switches) button.addEventListener("click", () => show(button.dataset.side));
const speakAs = (key) => {
  speaker.value = key;
  store.setSpeaker(key);
};
const note = find(".note");
followAddress({ store, sides, show, speakAs, tell: (text) => (note.textContent = text) });

/** A spoiler is shown by a click or by the keys that press a button. */
const reveal = (event) => {
  const spoiler = event.target.closest?.(".spoiler");
  if (!spoiler || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
  spoiler.classList.add("is-shown");
  spoiler.removeAttribute("aria-label");
  if (event.type === "keydown") event.preventDefault();
};
document.addEventListener("click", reveal);
document.addEventListener("keydown", reveal);

follow(store, (isConnected) => {
  find(".connection").textContent = isConnected ? "" : "The sandbox does not answer; trying again…";
  document.body.classList.toggle("is-ready", isConnected);
});
