// The keyboard: / to the query, j and k from one to the next, ? for help.
const keys = document.getElementById("keys");
const isTyping = (element) => element.matches("input, textarea, select") || element.isContentEditable;

function step(by) {
  const stops = [...document.querySelectorAll("#main .row-link, #main .turn[tabindex]")].filter((one) =>
    one.checkVisibility(),
  );
  if (stops.length === 0) return;
  const at = stops.findIndex((one) => one === document.activeElement || one.contains(document.activeElement));
  const next = at < 0 ? (by > 0 ? 0 : stops.length - 1) : Math.min(stops.length - 1, Math.max(0, at + by));
  stops[next].focus();
  stops[next].scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const query = document.getElementById("query");
  if (event.key === "Escape" && event.target === query) return query.blur();
  if (isTyping(event.target) || keys?.open) return;
  if (event.key === "/" && query) {
    event.preventDefault();
    query.focus();
    query.setSelectionRange(query.value.length, query.value.length);
  } else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "?") keys?.showModal();
});

// A menu closes when one looks elsewhere.
document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll("details.person[open]"))
    if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.person[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
