import type { Command, PrivateAnswer } from "../chat/command.ts";
import type { Limits } from "../chat/platform.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { nearest } from "../nearest.ts";
import { fitting, sizeOf } from "../reply/measure.ts";

/** One thing that can be asked for by command. */
export interface CommandHandler {
  /** What the command's words begin with: a word, or several (`forget me`). Lower case. */
  readonly name: string;
  /** What may follow, for the help: `<query>`. */
  readonly takes?: string;
  /** What it does, for the help: `finds conversations`. */
  readonly does: string;
  /** `rest`: the words behind the name. A sentence about what was wrong with them is an answer as well; what it throws is the bot's own trouble. */
  run(command: Command, rest: string): Promise<PrivateAnswer>;
}

/** Answers a command, with Markdown that fits into a page of the platform. Never rejects. */
export type Commands = (command: Command, limits: Pick<Limits, "pageLength" | "unit">) => Promise<string>;

const BROKEN = "Something broke inside me. Please try again, or tell the person who runs this bot.";
const NOT_TOLD = "I could not find out what you may see here. Please try again in a minute.";
/** Characters of an unknown word that are said back. */
const ECHOED = 40;
/** A line that has less room is not begun. */
const LEAST = 40;

export function createCommands({
  handlers,
  log,
}: {
  handlers: readonly CommandHandler[];
  log: Log;
}): Commands {
  const help: CommandHandler = {
    name: "help",
    does: "tells what there is",
    run: async () => ({ text: "Behind `/patchcord` I take:", items: known.map(inHelp) }),
  };
  const known = [...handlers, help];
  // `forget me` before `forget`.
  const byLength = known.toSorted((a, b) => b.name.length - a.name.length);

  const answer = async (command: Command): Promise<PrivateAnswer> => {
    const words = command.words.trim();
    for (const handler of byLength) {
      const rest = behind(handler.name, words);
      if (rest !== undefined) return handler.run(command, rest);
    }
    const list = await help.run(command, "");
    return words === "" ? list : { ...list, text: `${unknown(words, known)} ${list.text}` };
  };

  return async (command, limits) => {
    const { platform, place, by } = command;
    try {
      return fit(await answer(command), limits);
    } catch (error) {
      // What was asked for may be somebody's words: the log has who and where.
      log.error({ platform, place, by: by.id, err: asError(error) }, "a command could not be answered");
      return fit({ text: error instanceof PlatformRefusal ? NOT_TOLD : BROKEN }, limits);
    }
  };
}

/** What follows the name's words, whatever their case and the space between them. Undefined: it begins otherwise. */
function behind(name: string, words: string): string | undefined {
  let rest = words;
  for (const word of name.split(" ")) {
    if (!rest.toLowerCase().startsWith(word) || /^\S/u.test(rest.slice(word.length))) return undefined;
    rest = rest.slice(word.length).trimStart();
  }
  return rest;
}

function unknown(words: string, known: readonly CommandHandler[]): string {
  const said = (words.split(/\s/u)[0] ?? "").replaceAll("`", "'");
  const near = nearest(
    said.toLowerCase(),
    known.map(({ name }) => name),
    1,
  )[0];
  const cut = said.slice(0, ECHOED).toWellFormed();
  return `I do not know \`${cut}\`.${near === undefined ? "" : ` Did you mean \`${near}\`?`}`;
}

function inHelp({ name, takes, does }: CommandHandler): string {
  return `- \`${[name, takes].filter(Boolean).join(" ")}\`: ${does}`;
}

/** As much of an answer as a page holds, and how much is left out. */
function fit(
  { text, items = [], total = items.length }: PrivateAnswer,
  limits: Pick<Limits, "pageLength" | "unit">,
): string {
  const { pageLength, unit } = limits;
  // Room for the longest count that there may be to tell.
  const most = pageLength - (items.length > 0 ? sizeOf(more(total), unit) : 0);
  const head = cut(text, most, unit);
  const lines = [head];
  let room = most - sizeOf(head, unit);
  for (const item of items) {
    const size = sizeOf(`\n${item}`, unit);
    // A first line that is too long is cut, so that there is one.
    if (size > room && (lines.length > 1 || room < LEAST)) break;
    lines.push(cut(item, room - 1, unit));
    room -= size;
  }
  const left = total - (lines.length - 1);
  return left > 0 && items.length > 0 ? `${lines.join("\n")}${more(left)}` : lines.join("\n");
}

const more = (count: number) => `\n… and ${count} more.`;

function cut(text: string, room: number, unit: Limits["unit"]): string {
  if (sizeOf(text, unit) <= room) return text;
  const mark = "…";
  return `${text.slice(0, fitting(text, room - sizeOf(mark, unit), unit)).replace(/\p{Cs}$/u, "")}${mark}`;
}
