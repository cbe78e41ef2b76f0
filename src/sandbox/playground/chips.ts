import type { ElementContent } from "hast";
import { element, lines, text } from "../../markdown/html.ts";

/** What ids in messages are called. Undefined: nobody knows it, and it stays as it was written. */
export interface Names {
  /** `self`: the person who looks, or the bot's own name in a colour of its own. */
  person(id: string): string | undefined;
  channel(id: string): string | undefined;
}

/** Finds what a platform shows as a chip in plain text, and gives what it shows. Undefined: it stays text. */
export interface Tokens {
  readonly pattern: RegExp;
  readonly label: (match: RegExpExecArray, names: Names) => string | undefined;
}

/** `<@U1>`, `<#C1|name>`, `<!here>` (docs.slack.dev, Formatting message text). */
export const SLACK_TOKENS: Tokens = {
  pattern:
    /<@(?<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>|<#(?<channel>[CG][A-Z0-9]+)(?:\|[^>]*)?>|<!(?<range>here|channel|everyone)(?:\|[^>]*)?>/gu,
  label: ({ groups = {} }, names) => labelOf(groups, names),
};

/** `<@1>`, `<@!1>`, `<#1>`, `@everyone`, `@here` (docs.discord.com, Message Formatting). */
export const DISCORD_TOKENS: Tokens = {
  pattern: /<@!?(?<user>\d+)>|<#(?<channel>\d+)>|@(?<range>everyone|here)\b/gu,
  label: ({ groups = {} }, names) => labelOf(groups, names),
};

function labelOf(groups: Readonly<Record<string, string | undefined>>, names: Names): string | undefined {
  const { user, channel, range } = groups;
  if (range !== undefined) return `@${range}`;
  const name = user === undefined ? names.channel(channel ?? "") : names.person(user);
  return name === undefined ? undefined : `${user === undefined ? "#" : "@"}${name}`;
}

export function chip(label: string): ElementContent {
  return element("span", { className: ["chip"] }, [text(label)]);
}

/** Plain text as it is shown: line ends kept, tokens as chips. */
export function withChips(value: string, tokens: Tokens, names: Names): ElementContent[] {
  const shown: ElementContent[] = [];
  let done = 0;
  for (const match of value.matchAll(tokens.pattern)) {
    const label = tokens.label(match, names);
    if (label === undefined) continue;
    shown.push(...lines(value.slice(done, match.index)), chip(label));
    done = match.index + match[0].length;
  }
  return [...shown, ...lines(value.slice(done))];
}
