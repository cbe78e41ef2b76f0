import type { Command } from "commander";
import { complete, type ValuesOf } from "../../admin/query/complete.ts";

/** What the word at the cursor may become. */
export interface Candidate {
  /** The whole word, without quotes. */
  readonly text: string;
  readonly meaning?: string;
}

/** The words of a command before the cursor, without its name, and the one at the cursor. */
export interface Typed {
  readonly words: readonly string[];
  readonly current: string;
}

/** What may stand at the cursor, by the commands that there are. Rejects only if `valuesOf` does. */
export async function candidatesFor(
  program: Command,
  typed: Typed,
  valuesOf: ValuesOf,
): Promise<readonly Candidate[]> {
  const { current } = typed;
  const { command, operands, option, isOver } = within(program, typed.words);
  const begins = ({ text }: Candidate) => text.startsWith(current);
  if (option) return (option.argChoices ?? []).map((text) => ({ text })).filter(begins);
  const help = command.createHelp();
  if (current.startsWith("-") && !isOver)
    return help
      .visibleOptions(command)
      .flatMap(({ long, description }) => (long ? [{ text: long, meaning: description }] : []))
      .filter(begins);
  if (command.commands.length > 0 && operands.length === 0)
    return help
      .visibleCommands(command)
      .map((one) => ({ text: one.name(), meaning: one.description() }))
      .filter(begins);
  const { registeredArguments: takes } = command;
  const argument = takes[Math.min(operands.length, takes.length - 1)];
  if (argument?.name() === QUERY) return inQuery(operands, current, valuesOf);
  return (argument?.argChoices ?? []).map((text) => ({ text })).filter(begins);
}

/** The argument that is a query, by its name: its words are one text. */
const QUERY = "query";

/** Where the words have led to. */
function within(program: Command, words: readonly string[]) {
  let command = program;
  const operands: string[] = [];
  let option: Command["options"][number] | undefined;
  let isOver = false;
  for (const word of words) {
    const isValue = option !== undefined;
    option = undefined;
    if (isValue) continue;
    if (!isOver && word === "--") isOver = true;
    else if (!isOver && word.startsWith("-")) {
      const found = command.options.find(({ long, short }) => long === word || short === word);
      if (found?.required) option = found;
    } else {
      const next: Command | undefined =
        operands.length === 0 && !isOver ? command.commands.find((one) => one.name() === word) : undefined;
      if (next) command = next;
      else operands.push(word);
    }
  }
  return { command, operands, option, isOver };
}

async function inQuery(
  before: readonly string[],
  current: string,
  valuesOf: ValuesOf,
): Promise<readonly Candidate[]> {
  const lead = before.map((word) => `${word} `).join("");
  const found = await completions(lead, current, valuesOf);
  const [only] = found;
  // A field by itself is gone on with, or the shell would take it for a whole word.
  return only?.text.endsWith(":") && found.length === 1
    ? [only, ...(await completions(lead, only.text, valuesOf))]
    : found;
}

async function completions(lead: string, current: string, valuesOf: ValuesOf): Promise<readonly Candidate[]> {
  const text = lead + current;
  const { from, items } = await complete(text, text.length, valuesOf);
  // What began in an earlier word cannot be put right by this one.
  if (from < lead.length) return [];
  const kept = current.slice(0, from - lead.length);
  return items.map((item) => ({ ...item, text: kept + item.text }));
}
