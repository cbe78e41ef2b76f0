// The two ways to the server: what it tells, and what it is asked to do.

/** Follows the server. A lost connection is taken up again by the browser, and begins with a fresh snapshot. */
export function follow(store, onConnection) {
  const source = new EventSource("/api/events");
  const read = (name, use) => source.addEventListener(name, ({ data }) => use(JSON.parse(data)));
  read("snapshot", (snapshot) => {
    store.replaceAll(snapshot);
    onConnection(true);
  });
  read("change", store.change);
  read("behind", store.setBehind);
  source.addEventListener("error", () => onConnection(false));
}

/** Asks for something. Throws an `Error` whose message can be shown. */
export async function ask(path, wish) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(wish),
    });
  } catch {
    throw new Error("The sandbox does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The sandbox answered ${response.status}.`);
  return answer;
}
