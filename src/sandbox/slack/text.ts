import type { SlackBlock } from "./types.ts";
import type { World } from "./world.ts";

/** What Slack makes of what a person typed: the text of the event and its rich_text block. */
export interface Typed {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

type Style = Readonly<Partial<Record<"bold" | "italic" | "strike" | "code", true>>>;

/** A run of a line: what it is in `text`, and what in the rich_text block. */
interface Run {
  readonly text: string;
  readonly element: SlackBlock;
}

/** Slack escapes these three and nothing else (docs.slack.dev, Formatting message text). */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Encodes typed text: see `SlackUtterance.text` for what becomes a mention. `literal` keeps every character as it is. */
export function encodeTyped(world: World, typed: string, literal = false): Typed {
  if (typed === "") return { text: "", blocks: [] };
  const parts = typed.split(/(```[^`]*(?:`(?!``)[^`]*)*```)/u).filter((part) => part !== "");
  const texts: string[] = [];
  const elements: SlackBlock[] = [];
  for (const part of parts) {
    if (!literal && part.length > 6 && part.startsWith("```") && part.endsWith("```")) {
      texts.push(escapeText(part));
      const code = part.slice(3, -3).replace(/^\n|\n$/gu, "");
      elements.push({ type: "rich_text_preformatted", elements: [{ type: "text", text: code }] });
    } else {
      const runs = literal ? [plain(part)] : styledRuns(world, part, {});
      texts.push(...runs.map((run) => run.text));
      elements.push({ type: "rich_text_section", elements: runs.map((run) => run.element) });
    }
  }
  return { text: texts.join(""), blocks: [{ type: "rich_text", block_id: blockId(typed), elements }] };
}

/** A short id that looks random and is the same in every run. */
function blockId(seed: string): string {
  let hash = 7;
  for (const unit of seed) hash = (hash * 31 + (unit.codePointAt(0) ?? 0)) % 60_466_176;
  return hash.toString(36).padStart(5, "0").slice(-5);
}

function plain(text: string, style: Style = {}): Run {
  const styled = Object.keys(style).length > 0;
  return { text: escapeText(text), element: { type: "text", text, ...(styled ? { style } : {}) } };
}

/** A web address, which may contain formatting marks; or text between two of them, code being the mark that nothing nests in. */
const MARKED =
  /https?:\/\/[^\s<>]+|(?<![\w`*_~])(?:`(?<code>[^`\n]+)`|(?<mark>[*_~])(?<inner>\S(?:[^\n]*?\S)?)\k<mark>)(?![\w`*_~])/gu;
const STYLES = { "*": { bold: true }, _: { italic: true }, "~": { strike: true } } as const;

function styledRuns(world: World, text: string, style: Style): readonly Run[] {
  const runs: Run[] = [];
  let done = 0;
  for (const match of text.matchAll(MARKED)) {
    const { code, mark, inner } = match.groups ?? {};
    if (code === undefined && mark === undefined) continue;
    runs.push(...entityRuns(world, text.slice(done, match.index), style));
    if (code !== undefined) runs.push(...wrapped([plain(code, { ...style, code: true })], "`"));
    else if (mark !== undefined) {
      const added = STYLES[mark as keyof typeof STYLES];
      runs.push(...wrapped(styledRuns(world, inner ?? "", { ...style, ...added }), mark));
    }
    done = match.index + match[0].length;
  }
  return [...runs, ...entityRuns(world, text.slice(done), style)];
}

/** The same runs, with the formatting mark around them in the text. */
function wrapped(runs: readonly Run[], mark: string): readonly Run[] {
  return runs.map((run, i) => ({
    ...run,
    text: `${i === 0 ? mark : ""}${run.text}${i === runs.length - 1 ? mark : ""}`,
  }));
}

function entityRuns(world: World, text: string, style: Style): readonly Run[] {
  const runs: Run[] = [];
  let done = 0;
  for (const match of text.matchAll(entityPattern(world))) {
    const run = entity(world, match.groups ?? {});
    if (match.index > done) runs.push(plain(text.slice(done, match.index), style));
    const styled = Object.keys(style).length > 0;
    runs.push(styled ? { ...run, element: { ...run.element, style } } : run);
    done = match.index + match[0].length;
  }
  if (done < text.length) runs.push(plain(text.slice(done), style));
  return runs;
}

function entityPattern(world: World): RegExp {
  const people = anyOf([...world.users.values()].map((user) => user.name));
  const places = anyOf([...world.channels.values()].map((channel) => channel.name));
  return new RegExp(
    [
      String.raw`<@(?<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>`,
      String.raw`<#(?<channel>[CG][A-Z0-9]+)(?:\|[^>]*)?>`,
      String.raw`<!(?<range>here|channel|everyone)(?:\|[^>]*)?>`,
      String.raw`<!subteam\^(?<group>S[A-Z0-9]+)(?:\|[^>]*)?>`,
      String.raw`<(?<target>https?://[^|>\s]+)\|(?<label>[^>]+)>`,
      String.raw`(?<![\w.])@(?<userName>${people})(?![\w])`,
      String.raw`(?<![\w&])#(?<channelName>${places})(?![\w-])`,
      String.raw`(?<![\w.])@(?<rangeName>here|channel|everyone)(?![\w])`,
      String.raw`(?<url>https?://[^\s<>]*[^\s<>.,;:!?'")\]])`,
      String.raw`(?<!\w):(?<emoji>[a-z0-9_+-]+):(?!\w)`,
    ].join("|"),
    "gu",
  );
}

/** A pattern for any of the names, the longest first. Direct messages have none. */
function anyOf(names: readonly string[]): string {
  return names
    .filter((name) => name !== "")
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replaceAll(/[\^$\\.*+?()[\]{}|/]/gu, String.raw`\$&`))
    .concat("(?!)")
    .join("|");
}

function entity(world: World, found: Readonly<Record<string, string>>): Run {
  const userId = found["user"] ?? idOfName(world.users, found["userName"]);
  const channelId = found["channel"] ?? idOfName(world.channels, found["channelName"]);
  const range = found["range"] ?? found["rangeName"];
  const url = found["target"] ?? found["url"];
  if (userId) return { text: `<@${userId}>`, element: { type: "user", user_id: userId } };
  if (channelId) {
    const name = world.channels.get(channelId)?.name ?? "";
    return { text: `<#${channelId}|${name}>`, element: { type: "channel", channel_id: channelId } };
  }
  if (range) return { text: `<!${range}>`, element: { type: "broadcast", range } };
  if (found["group"]) {
    const id = found["group"];
    return { text: `<!subteam^${id}>`, element: { type: "usergroup", usergroup_id: id } };
  }
  if (url) {
    const label = found["label"];
    const text = label === undefined ? `<${escapeText(url)}>` : `<${escapeText(url)}|${escapeText(label)}>`;
    return { text, element: { type: "link", url, ...(label === undefined ? {} : { text: label }) } };
  }
  const name = found["emoji"] ?? "";
  return { text: `:${name}:`, element: { type: "emoji", name } };
}

function idOfName(
  named: ReadonlyMap<string, { readonly id: string; readonly name: string }>,
  name: string | undefined,
): string | undefined {
  return name === undefined ? undefined : [...named.values()].find((one) => one.name === name)?.id;
}
