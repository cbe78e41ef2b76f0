// What really happens: the requests to Telnyx, the paints of each reply, and a few switches.
import { h, plural, timeText } from "./dom.js";
import { ask } from "./stream.js";

const SPEEDS = [
  { label: "slow", tokensPerSecond: 12 },
  { label: "usual", tokensPerSecond: 40 },
  { label: "fast", tokensPerSecond: 200 },
];
const MISHAPS = [
  { how: "fail", label: "The model fails" },
  { how: "cut", label: "The line is cut" },
  { how: "rate_limit", label: "Too many requests" },
];

/** Fills the drawer below the two sides. */
export function showBehind(store, element) {
  const line = h("span", { class: "behind-line" });
  const requests = h("ol", { class: "requests" });
  const replies = h("dl", { class: "replies" });
  const said = h("p", { class: "behind-said", role: "status" });
  const speeds = SPEEDS.map(({ label, tokensPerSecond }) =>
    h(
      "button",
      {
        type: "button",
        "data-speed": String(tokensPerSecond),
        onclick: () => tell("/api/speed", { tokensPerSecond }, ""),
      },
      label,
    ),
  );
  const mishaps = MISHAPS.map(({ how, label }) =>
    h(
      "button",
      { type: "button", onclick: () => tell("/api/mishap", { how }, `${label}, at the next question.`) },
      label,
    ),
  );
  const tell = async (path, wish, done) => {
    said.textContent = await ask(path, wish).then(
      () => done,
      (error) => error.message,
    );
  };
  const telnyx = h("section", {}, h("h2", {}, "Asked of Telnyx"), requests);
  const switches = h(
    "section",
    { class: "switches" },
    h("h2", {}, "The model's speed"),
    h("div", { class: "segmented", role: "group", "aria-label": "The model's speed" }, ...speeds),
    h("h2", {}, "Let the next answer go wrong"),
    h("div", { class: "segmented", role: "group", "aria-label": "Let the next answer go wrong" }, ...mishaps),
    said,
  );
  element.append(
    h(
      "details",
      {},
      h("summary", {}, h("strong", {}, "Behind the scenes"), line),
      h(
        "div",
        { class: "behind-body" },
        telnyx,
        h("section", {}, h("h2", {}, "How the replies were shown"), replies),
        switches,
      ),
    ),
  );

  store.listen(() => {
    const { behind } = store.state;
    element.hidden = false;
    telnyx.hidden = switches.hidden = behind === undefined;
    const paints = ["slack", "discord"].flatMap((side) => {
      const reply = lastReply(store, side);
      return reply ? [{ side, ...reply }] : [];
    });
    replies.replaceChildren(...paints.flatMap(replyEntry));
    if (paints.length === 0) replies.replaceChildren(h("dd", {}, "No reply yet: call the bot."));
    const last = behind?.requests.at(-1);
    line.textContent = last ? `${last.what} · ${last.line}` : "";
    requests.replaceChildren(...(behind?.requests ?? []).toReversed().map(requestEntry));
    for (const button of speeds)
      button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === behind?.tokensPerSecond));
  });
}

function requestEntry({ number, at, what, line, conversation, instructions }) {
  const tags = [
    conversation && h("span", { class: "tag" }, `conversation ${conversation.slice(0, 8)}`),
    instructions !== undefined &&
      h("span", { class: "tag" }, instructions ? "with instructions" : "no instructions"),
  ].filter(Boolean);
  return h(
    "li",
    { value: String(number) },
    h("span", { class: "at" }, timeText(at)),
    h("strong", {}, what),
    h("code", {}, line),
    ...tags,
  );
}

function replyEntry({ side, pages, edits, seconds }) {
  const platform = side === "slack" ? "Slack" : "Discord";
  return [
    h("dt", {}, platform),
    h(
      "dd",
      {},
      `${plural(pages, "message")}, ${plural(edits, "edit")} in ${seconds} s: ${plural(pages + edits, "paint")}`,
    ),
  ];
}

/** The bot's newest messages that stand together: the pages of one reply. */
function lastReply(store, side) {
  const all = [...(store.state.sides[side]?.messages.values() ?? [])]
    .filter(({ onlyFor }) => onlyFor === undefined)
    .sort((a, b) => a.at - b.at);
  const last = all.findLast(({ author, isNotice }) => author.isBot && !isNotice);
  if (!last) return undefined;
  const together = all.filter(({ room, root }) => room === last.room && root === last.root);
  const from = together.findLastIndex(({ author, at }) => !author.isBot && at < last.at) + 1;
  const pages = together.slice(from).filter(({ author }) => author.isBot);
  const edits = pages.reduce((sum, page) => sum + page.edits, 0);
  const ends = Math.max(...pages.map(({ changedAt }) => changedAt));
  return { pages: pages.length, edits, seconds: ((ends - pages[0].at) / 1000).toFixed(1) };
}
