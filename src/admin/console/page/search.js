// Results as one types. The address of the page is always that of the search.
import { announce, ask, settled } from "./ask.js";

const PAUSE_MS = 160;
const form = document.querySelector("form.query");
const results = document.getElementById("results");
let asking = new AbortController();

function searched() {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "") asked.append(name, value);
  return asked.toString();
}

async function search() {
  asking.abort();
  asking = new AbortController();
  const asked = searched();
  try {
    const response = await ask(`${results.dataset.from}?${asked}`, asking.signal);
    if (!response) return;
    show(response, await response.text());
    history.replaceState(null, "", asked === "" ? location.pathname : `?${asked}`);
    for (const tab of document.querySelectorAll("[data-show]")) tab.href = tabAddress(tab.dataset.show);
  } catch (error) {
    if (error.name === "AbortError") return;
    results.classList.add("is-behind");
    announce("The search could not be asked. It is tried again with the next key.");
  }
}

/** What was found before stays in sight while the query is not right. */
function show(response, html) {
  const isRight = response.ok && response.headers.get("x-found") !== "wrong";
  results.classList.toggle("is-behind", !isRight);
  if (!response.ok) return announce(html);
  results.querySelector(".problems")?.remove();
  if (isRight) {
    results.innerHTML = html;
    announce(results.querySelector("#count, .empty")?.textContent.trim() ?? "");
  } else {
    results.insertAdjacentHTML("afterbegin", html);
    announce(results.querySelector(".problems p")?.textContent.trim() ?? "");
  }
}

function tabAddress(listing) {
  const asked = new URLSearchParams(searched());
  if (listing === "turns") asked.set("show", "turns");
  else asked.delete("show");
  const query = asked.toString();
  return query === "" ? location.pathname : `?${query}`;
}

if (form && results) form.addEventListener("input", settled(PAUSE_MS, search));
