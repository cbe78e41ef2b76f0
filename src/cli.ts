import { Command, CommanderError, InvalidArgumentError } from "commander";
import { stayAwake } from "./clock.ts";
import { addAudit, addErasure, addExplain, addLooks } from "./cli/admin/commands.ts";
import { addTokens } from "./cli/admin/tokens.ts";
import { addCompletion } from "./cli/completion/command.ts";
import { loadConfig, readEnvironment, type Variables } from "./cli/load.ts";
import type { SandboxWishes } from "./cli/sandbox.ts";
import { report } from "./cli/report.ts";
import { type Standard, standardOf, type Streams, wantsColour } from "./cli/terminal.ts";
import { inert } from "./admin/inert.ts";
import { PatchcordError } from "./errors.ts";
import { nearest } from "./nearest.ts";

// The SDKs take a second to load: only what a command needs is loaded, and not before its configuration is known to be right.
const start = () => import("./cli/run.ts");
const sandbox = () => import("./cli/sandbox.ts");
const show = () => import("./cli/print.ts");
const admin = () => import("./cli/admin/session.ts");

/** What the command meets on a machine. */
export interface Machine extends Streams {
  readonly environment: () => Variables;
}

/** The `patchcord` command: parses, calls, prints. Exit code 2: the command or the configuration is wrong; 1: anything else went wrong. */
export async function main(argv: readonly string[]): Promise<void> {
  const { stdout, stderr } = process;
  process.exitCode = await run(argv, { stdout, stderr, environment: readEnvironment });
}

/** Runs the command, and returns the exit code. */
export async function run(argv: readonly string[], machine: Machine): Promise<0 | 1 | 2> {
  const letSleep = stayAwake();
  const standard = standardOf(machine);
  try {
    await commands(machine, standard).parseAsync([...argv]);
    await standard.finish();
    return 0;
  } catch (error) {
    // Commander has said what is wrong with the command, or printed the help that was asked for.
    if (error instanceof CommanderError) {
      const negated = error.code === "commander.unknownOption" ? argv.find(isNegation) : undefined;
      if (negated !== undefined)
        standard.tell(`A query that begins with a minus stands behind --, as in: -- '${inert(negated)}'\n`);
      return error.exitCode === 0 ? 0 : 2;
    }
    // Whoever read has what they wanted.
    if (error instanceof PatchcordError && error.code === "unheard") return 0;
    return report(error, machine);
  } finally {
    letSleep();
  }
}

/** `-status:failed`, which no option looks like. */
const isNegation = (word: string) => /^-(?:[("]|[^-\s]+:)/.test(word);

function commands(machine: Machine, standard: Standard): Command {
  const environment = machine.environment();
  const program = new Command("patchcord")
    .description("Joins Slack threads and Discord channels to conversations at Telnyx.")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: standard.write, writeErr: standard.tell })
    .exitOverride();
  addRuns(program, environment);
  addPrints(program, environment, standard.write);
  const terminal = { ...standard, colour: wantsColour(machine, environment) };
  const open = async () => (await admin()).openSession(environment, terminal);
  addErasure(addLooks(program, open), open);
  addExplain(program, open);
  addAudit(program, open);
  addTokens(program, open);
  addCompletion(program, terminal, open);
  return program;
}

/** What runs until it is stopped. */
function addRuns(program: Command, environment: Variables): void {
  program
    .command("start", { isDefault: true })
    .description("run the bot, with secrets from the environment and behaviour from patchcord.yaml")
    .allowExcessArguments()
    .action(async (_: object, command: Command) => {
      const [word] = command.args;
      if (word !== undefined) unknownCommand(program, word);
      const config = loadConfig(environment);
      await (await start()).runBot(config);
    });
  program
    .command("sandbox")
    .description(
      "try it without any account: a loopback Slack, Discord and Telnyx, the real bot, and a page to type in",
    )
    .option("--port <port>", "the page's port on 127.0.0.1", parsePort, 4020)
    .option(
      "--seed-demo",
      "with a month of conversations, for the admins' commands and the console to show",
      false,
    )
    .action(async (wishes: SandboxWishes) => (await sandbox()).runSandbox(environment, wishes));
}

/** Whatever is no command comes to the one that is the default. Throws `CommanderError`. */
function unknownCommand(program: Command, word: string): never {
  const names = program
    .createHelp()
    .visibleCommands(program)
    .map((one) => one.name());
  const [near] = nearest(word, names, 1);
  const meant = near === undefined ? "" : ` Did you mean ${near}?`;
  program.error(`There is no command ${inert(word)}.${meant} patchcord --help lists them.`);
}

/** What is asked once. */
function addPrints(program: Command, environment: Variables, write: Standard["write"]): void {
  program
    .command("manifest")
    .description("print the Slack app manifest that the configuration needs")
    .option("--url <url>", "for HTTP mode: where Slack reaches this bot, such as https://bot.example.com")
    .action(async ({ url }: { url?: string }) => (await show()).printManifest(environment, write, url));
  program
    .command("invite")
    .description("print the address that adds the bot to a Discord server")
    .action(async () => (await show()).printInvite(environment, write));
  program
    .command("models")
    .description("print the text models that Telnyx offers to this key")
    .action(async () => (await show()).printModels(environment, write));
  program
    .command("schema")
    .description("print the JSON schema of patchcord.yaml")
    .action(async () => (await show()).printSchema(write));
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("it must be a port, 0 to 65535.");
  return port;
}
