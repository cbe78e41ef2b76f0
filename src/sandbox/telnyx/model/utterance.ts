import type { NewTwinMessage } from "../state.ts";

/** Something that was said. In a place for one person nobody names the speaker. */
export interface Utterance {
  readonly by: "user" | "assistant";
  readonly speaker: Speaker | undefined;
  readonly text: string;
}

export interface Speaker {
  readonly id: string | undefined;
  readonly name: string;
}

/** What was said in these messages, oldest first; a message may hold the words of several people. */
export function utterancesOf(
  messages: readonly Pick<NewTwinMessage, "role" | "text" | "name">[],
): Utterance[] {
  return messages.flatMap(({ role, text, name }): Utterance[] => {
    if (role === "assistant" && text) return [{ by: "assistant", speaker: undefined, text }];
    if (role !== "user" || text === null) return [];
    const named = name === undefined ? undefined : { id: undefined, name };
    return splitBySpeaker(text).map((part) => ({
      by: "user",
      speaker: part.speaker ?? named,
      text: part.text,
    }));
  });
}

export function isSame(a: Speaker | undefined, b: Speaker | undefined): boolean {
  if (!a || !b) return a === b;
  return a.id !== undefined && b.id !== undefined ? a.id === b.id : a.name === b.name;
}

/**
 * Takes apart a text in which lines name who speaks. A bridge is free in how it writes such a line, so several ways are
 * understood: `U1 "Ada" says:`, `Ada:`, `**Ada** (U1):`, `[Ada] hello`, `<Ada> hello`, `Ada: hello`. Words may be behind
 * `| ` or `> `, and then only a line without that names another speaker.
 */
export function splitBySpeaker(text: string): { speaker: Speaker | undefined; text: string }[] {
  const parts: { speaker: Speaker | undefined; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const open = parts.at(-1);
    const head = readHead(line);
    if (head) parts.push({ speaker: head.speaker, lines: head.words === "" ? [] : [head.words] });
    else if (open) open.lines.push(line);
    else parts.push({ speaker: undefined, lines: [line] });
  }
  return parts.map(({ speaker, lines }) => ({
    speaker,
    text: (speaker ? unquoted(lines) : lines).join("\n").trim(),
  }));
}

function isQuoted(line: string): boolean {
  return /^[|>]/.test(line);
}

function unquoted(lines: readonly string[]): readonly string[] {
  const written = lines.filter((line) => line.trim() !== "");
  return written.length > 0 && written.every(isQuoted)
    ? lines.map((line) => line.replace(/^[|>] ?/, ""))
    : lines;
}

const CAPITALISED = String.raw`\p{Lu}[\p{L}\p{N}'_.-]*(?: \p{Lu}[\p{L}\p{N}'_.-]*){0,2}`;
/** How a line can name a speaker; never behind `|` or `>`. What follows on the line are their first words. */
const HEADS: readonly RegExp[] = [
  // U1 "Ada Lovelace" says: …      also without words: U1 "Ada" calls you without a word.
  /^(?:(?<id>[\w-]+) )?"(?<name>[^"]{1,100})"(?: (?:says|said|writes|wrote|asks|asked))?(?: \([^)]*\))?:\s*(?<words>.*)$/u,
  /^(?<id>[\w-]+) "(?<name>[^"]{1,100})" [\p{L} ]+\.(?<words>)$/u,
  // **Ada** (U1): …   Ada (U1) says: …
  /^\*\*(?<name>[^*]{1,100})\*\*(?: \((?<id>[^)]*)\))?:\s*(?<words>.*)$/u,
  /^(?<name>[\p{L}][^:()"<>[\]]{0,60}) \((?<id>[\w@-]+)\)(?: says| said| wrote)?:\s*(?<words>.*)$/u,
  new RegExp(`^(?<name>${CAPITALISED}) (?:says|said|writes|wrote|asks|asked):\\s*(?<words>.*)$`, "u"),
  // [Ada] hello   <Ada> hello
  /^\[(?:(?<id>[A-Z0-9-]{6,}) )?(?<name>[\p{L}][^\]]{0,60})\](?!\():?\s*(?<words>.*)$/u,
  /^<(?<name>[\p{L}][^<>/]{0,60})>:?\s+(?<words>.*)$/u,
  // Ada: hello
  new RegExp(`^(?<name>${CAPITALISED}):(?:\\s+(?<words>.*))?$`, "u"),
];

/** Words that stand before a colon and are nobody's name. */
const NO_NAME =
  /^(?:note|question|example|warning|todo|error|ps|re|subject|title|hint|tip|task|answer|context|hello|hi|hey|please|remember|update|edit|summary|fyi)$/i;

function readHead(line: string): { speaker: Speaker; words: string } | undefined {
  for (const pattern of HEADS) {
    const groups = pattern.exec(line)?.groups;
    const name = groups?.["name"]?.trim();
    if (name && !NO_NAME.test(name))
      return { speaker: { id: groups?.["id"], name }, words: groups?.["words"] ?? "" };
  }
  return undefined;
}
