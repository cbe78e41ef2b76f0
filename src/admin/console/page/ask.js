/** Asks the console for a part of a page. Whoever is no longer signed in is shown where to do so. */
export async function ask(path, signal) {
  const response = await fetch(path, { headers: { "x-console": "part" }, signal });
  if (response.status === 401) {
    location.reload();
    return undefined;
  }
  return response;
}

/** Says something to whoever listens to the page. */
export function announce(text) {
  const announcer = document.getElementById("announcer");
  if (announcer && announcer.textContent !== text) announcer.textContent = text;
}

/** Calls with the last of what comes within `ms`. */
export function settled(ms, call) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(call, ms, ...values);
  };
}
