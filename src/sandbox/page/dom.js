// The little that the page needs instead of a framework.

/** Makes an element. Text is text; only `paint` takes HTML, and only the server's. */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/**
 * Shows HTML that the server rendered, and leaves alone what is shown already: a growing reply keeps its selection, and only
 * what is new appears.
 */
export function paint(holder, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const wanted = [...template.content.childNodes];
  const shown = [...holder.childNodes];
  let same = 0;
  while (same < shown.length && same < wanted.length && shown[same].isEqualNode(wanted[same])) same += 1;
  for (const node of shown.slice(same)) node.remove();
  holder.append(...wanted.slice(same));
}

const time = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export function timeElement(at) {
  const date = new Date(at);
  return h("time", { datetime: date.toISOString(), title: moment.format(date) }, time.format(date));
}

export function timeText(at) {
  return time.format(new Date(at));
}

/** One or two letters, and one of six colours, always the same for a name. */
export function avatar(name, isBot) {
  const initials = isBot ? "P" : name.slice(0, 2);
  const hue = [...name].reduce((sum, letter) => (sum * 9 + letter.codePointAt(0)) % 997, 0) % 6;
  return h(
    "span",
    { class: `avatar ${isBot ? "avatar-bot" : `avatar-${hue}`}`, "aria-hidden": "true" },
    initials,
  );
}

/** "1 reply", "3 replies". */
export function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** Acts when the key is another than the last time: what is built anew under a click or an open menu would lose it. */
export function onChange() {
  let last;
  return (key, act) => {
    const now = JSON.stringify(key);
    if (now === last) return;
    last = now;
    act();
  };
}
