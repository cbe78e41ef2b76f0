import { type Command, InvalidArgumentError, Option } from "commander";
import type { Admin } from "../../admin/admin.ts";
import { momentIn } from "../../admin/query/times.ts";
import { systemClock } from "../../clock.ts";
import type { Head } from "../../store/audit.ts";
import { listAudit, verifyAudit } from "./audit.ts";
import { exportTo, forget, hold, sync } from "./deeds.ts";
import { type ListOptions, listConversations, listTurns, printUsage, type Session } from "./lists.ts";
import type { Format } from "./output.ts";
import { listRemote, showRemote } from "./remote.ts";
import { explain, show } from "./show.ts";

export interface OpenSession<Call extends keyof Admin> extends Session<Call> {
  close(): Promise<void>;
}

/** Opens the database beside the bot, for the operator. */
export type Open<Call extends keyof Admin> = () => Promise<OpenSession<Call>>;

const QUERY = "what to find, such as: channel:support status:failed after:7d";
const TELNYX =
  "ask Telnyx, and not the database: there are those that were lost here, and those of other tools";
const HELP = `
A query is one or more of field:value, -field:value (behind --, or as NOT field:value), OR, ( ) and "words that were said".
Put all of it in single quotes, so that the shell leaves it as it is: 'thread:"Order 17" -user:alice'

Exit code 0: it was done, also where nothing was found; 1: it could not be done; 2: the command, the query or the configuration is wrong.`;

interface ListFlags {
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly csv?: boolean;
  readonly limit: number;
  readonly all?: boolean;
  readonly explain?: boolean;
  readonly telnyx?: boolean;
}

export type Looks =
  | "conversations"
  | "turns"
  | "usage"
  | "plan"
  | "show"
  | "export"
  | "sync"
  | "remote"
  | "remoteShow";

/** Adds what admins look at. Each command opens a session when it is run, and closes it. Returns the group `conversations`, for more. */
export function addLooks(program: Command, open: Open<Looks>): Command {
  const lists = (
    parent: Command,
    [name, description]: readonly [string, string],
    print: (session: Session<Looks>, options: ListOptions, flags: ListFlags) => Promise<void>,
  ) =>
    withListOptions(parent.command(name).description(description)).action(
      (words: string[], flags: ListFlags) =>
        within(open, (session) => print(session, optionsOf(words, flags), flags)),
    );
  const conversations = program
    .command("conversations")
    .description("find, show and export conversations, and more");
  lists(
    conversations,
    ["list", "print the conversations that meet a query"],
    (session, options, { telnyx = false }) =>
      telnyx ? listRemote(session, options) : listConversations(session, options),
  ).option("--telnyx", TELNYX);
  lists(program, ["turns", "print the turns that meet a query"], listTurns);
  const sums = "print sums over the turns that meet a query; by:channel and others give one row each";
  lists(program, ["usage", sums], printUsage);
  addShow(conversations, open);
  addExport(conversations, open);
  conversations
    .command("sync")
    .description("compare with Telnyx; without --yes it only says what differs")
    .option("--yes", "put right what differs")
    .action(({ yes = false }: { yes?: boolean }) => within(open, (session) => sync(session, yes)));
  return conversations;
}

/** Adds to the group `conversations` what becomes of them: forgetting, and keeping from that. */
export function addErasure(conversations: Command, open: Open<"forget" | "hold">): void {
  conversations
    .command("forget")
    .description(
      "forget what meets a query, here and at Telnyx; without --yes it only says what that would be",
    )
    .argument("<query...>", QUERY)
    .option("--person <id>", "only this person's turns, such as slack:T1:U1")
    .option("--yes", "do it: it cannot be undone")
    .action((words: string[], { person, yes = false }: { person?: string; yes?: boolean }) =>
      within(open, (session) =>
        forget(session, words.join(" "), { yes, ...(person !== undefined && { person }) }),
      ),
    );
  conversations
    .command("hold")
    .description("keep what meets a query from being forgotten")
    .argument("<query...>", QUERY)
    .option("--release", "no longer")
    .action((words: string[], { release = false }: { release?: boolean }) =>
      within(open, (session) => hold(session, words.join(" "), !release)),
    );
}

/** Adds the record of what was looked at and done. */
export function addAudit(program: Command, open: Open<"audit" | "verify">): void {
  const audit = program
    .command("audit")
    .description("who looked at what, and did what, and whether that record is whole");
  withFormats(audit.command("list").description("print what was looked at and done, the newest first"))
    .option("--who <id>", "by this person alone, such as cli:ada or slack:T1:U1")
    .option("--what <kinds>", "of these kinds alone, such as export,forget", (text) => text.split(","))
    .option("--since <time>", "from then on: a date, yesterday, or an age such as 7d", parseTime)
    .action((flags: AuditFlags) =>
      within(open, (session) => {
        const { who, what, since, all, limit } = flags;
        const search = {
          ...(who !== undefined && { who }),
          ...(what && { what }),
          ...(since !== undefined && { since }),
        };
        return listAudit(session, search, { format: formatOf(flags), ...(all !== true && { limit }) });
      }),
    );
  audit
    .command("verify")
    .description(
      "check that nothing in it was changed; prints its head, to be noted where nobody of the database can reach it",
    )
    .option("--head <head>", "what an earlier check printed: fails if that is not in it any more", parseHead)
    .action(({ head }: { head?: Head }) => within(open, (session) => verifyAudit(session, head)));
}

interface AuditFlags extends Omit<ListFlags, "explain"> {
  readonly who?: string;
  readonly what?: readonly string[];
  readonly since?: number;
}

function parseTime(text: string): number {
  const found = momentIn(text, systemClock.now());
  if ("wrong" in found) throw new InvalidArgumentError(found.wrong);
  return found.from;
}

function parseHead(text: string): Head {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new InvalidArgumentError(
      "it must be a head as verify prints it: a number, a colon and 64 characters.",
    );
  return { seq: Number(seq), hash };
}

export function addExplain(program: Command, open: Open<"explain">): void {
  program
    .command("explain")
    .description(
      "say why the bot answered a message or did not, what the model was given, and what came of it",
    )
    .argument("<link>", "the message's link, as its platform copies it, or turn:17")
    .option("--json", "as JSON")
    .action((link: string, { json = false }: { json?: boolean }) =>
      within(open, (session) => explain(session, link, json)),
    );
}

/** Runs it in a session of its own. */
export async function within<Call extends keyof Admin>(
  open: Open<Call>,
  deed: (session: Session<Call>) => Promise<void>,
): Promise<void> {
  const session = await open();
  try {
    await deed(session);
  } finally {
    await session.close();
  }
}

function addShow(
  conversations: Command,
  open: Open<"show" | "conversations" | "remote" | "remoteShow">,
): void {
  conversations
    .command("show")
    .description("print what was said in a conversation")
    .argument("<query...>", "its id, as the list has it, or a query that finds it alone")
    .option("--json", "as JSON")
    .option("--telnyx", TELNYX)
    .action((words: string[], { json = false, telnyx = false }: { json?: boolean; telnyx?: boolean }) =>
      within(open, (session) => (telnyx ? showRemote : show)(session, words.join(" "), json)),
    );
}

function addExport(conversations: Command, open: Open<"export">): void {
  conversations
    .command("export")
    .description("print all that was said in what meets a query, a conversation a line (JSON)")
    .argument("<query...>", QUERY)
    .addOption(new Option("--csv", "as CSV, a turn a row").conflicts("markdown"))
    .option("--markdown", "as Markdown, to be read")
    .option("--redact", "with pseudonyms for names, and without what the configured patterns find")
    .action((words: string[], options: { csv?: boolean; markdown?: boolean; redact?: boolean }) => {
      const { csv = false, markdown = false, redact = false } = options;
      const format = csv ? "csv" : markdown ? "markdown" : "jsonl";
      return within(open, (session) => exportTo(session, words.join(" "), { format, redact }));
    });
}

function withListOptions(command: Command): Command {
  return withFormats(command.argument("[query...]", QUERY))
    .option("--explain", "print what the query becomes, and ask nothing")
    .addHelpText("after", HELP);
}

function withFormats(command: Command): Command {
  return command
    .addOption(new Option("--json", "as one JSON array").conflicts(["jsonl", "csv"]))
    .addOption(new Option("--jsonl", "as JSON, a row a line").conflicts("csv"))
    .option("--csv", "as CSV; cells that a spreadsheet would run begin with an apostrophe")
    .option("--limit <number>", "how many at the most", parseCount, 50)
    .option("--all", "all of them");
}

function optionsOf(words: readonly string[], flags: ListFlags): ListOptions {
  return {
    query: words.join(" "),
    format: formatOf(flags),
    explain: flags.explain ?? false,
    ...(flags.all !== true && { limit: flags.limit }),
  };
}

function formatOf({ json, jsonl, csv }: Pick<ListFlags, "json" | "jsonl" | "csv">): Format {
  return json ? "json" : jsonl ? "jsonl" : csv ? "csv" : "table";
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InvalidArgumentError("it must be a number from 1.");
  return count;
}
