import { Argument, type Command } from "commander";
import { inert } from "../../admin/inert.ts";
import type { OpenSession } from "../admin/commands.ts";
import type { Terminal } from "../admin/output.ts";
import { allAsTyped, eachAsTyped } from "./as-typed.ts";
import { type Candidate, candidatesFor, type Typed } from "./candidates.ts";
import { SCRIPTS, type Shell, SHELLS } from "./scripts.ts";
import { bashReplies, lineOf } from "./shell-words.ts";

/** Adds what shells need to complete the commands that are there, and the queries that those take. */
export function addCompletion(
  program: Command,
  to: Pick<Terminal, "write">,
  open: () => Promise<OpenSession<"names">>,
): void {
  const shell = () => new Argument("<shell>", "the shell").choices(SHELLS);
  program
    .command("completion")
    .description("print what a shell runs at its start to complete this command: add it to ~/.bashrc, say")
    .addArgument(shell())
    .addHelpText("after", HELP)
    .action((name: Shell) => to.write(SCRIPTS[name]));
  program
    .command("complete", { hidden: true })
    .addArgument(shell())
    .argument("[words...]")
    .action(async (name: Shell, words: string[]) => {
      for (const line of await linesFor(name, words, (typed) => found(program, typed, open)))
        to.write(`${line}\n`);
    });
}

const HELP = `
bash: echo 'eval "$(patchcord completion bash)"' >> ~/.bashrc
zsh:  echo 'eval "$(patchcord completion zsh)"' >> ~/.zshrc    (behind compinit)
fish: patchcord completion fish > ~/.config/fish/completions/patchcord.fish`;

/** The database is opened only where a name of it may follow. */
async function found(program: Command, typed: Typed, open: () => Promise<OpenSession<"names">>) {
  let session: OpenSession<"names"> | undefined;
  try {
    return await candidatesFor(program, typed, async (what, prefix) => {
      session ??= await open();
      return session.admin.names(session.viewer, what, prefix);
    });
  } finally {
    await session?.close();
  }
}

type Find = (typed: Typed) => Promise<readonly Candidate[]>;

/** In the form that the shell's script reads: bash takes what is put there, the others the whole word and, behind a tab, what it means. */
async function linesFor(shell: Shell, words: readonly string[], find: Find): Promise<readonly string[]> {
  if (shell === "bash") {
    const [line = "", breaks = ""] = words;
    const typed = lineOf(line);
    const candidates = await find({ words: typed.words.slice(1), current: typed.current.text });
    const texts = candidates.map(({ text }) => inert(text));
    return bashReplies(typed.current, texts, breaks);
  }
  const current = words.at(-1) ?? "";
  const candidates = await find({ words: words.slice(0, -1), current });
  const texts = candidates.map(({ text }) => inert(text));
  const written =
    shell === "zsh" ? allAsTyped(current, texts) : texts.flatMap((text) => eachAsTyped(current, text) ?? []);
  const meanings = new Map(candidates.map(({ text, meaning }) => [text, meaning]));
  return written.map((text) => {
    const meaning = meanings.get(text);
    return meaning === undefined ? text : `${text}\t${inert(meaning)}`;
  });
}
