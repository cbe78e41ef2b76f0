import { type Command, InvalidArgumentError, Option } from "commander";
import { type TokenRequest, TOKEN_RIGHTS } from "../../admin/access/tokens.ts";
import { durationIn } from "../../admin/query/amounts.ts";
import { PatchcordError } from "../../errors.ts";
import type { StoredToken } from "../../store/tokens.ts";
import { timeOf } from "./columns.ts";
import { type Open, within } from "./commands.ts";
import { printerOf } from "./output.ts";
import type { Column } from "./table.ts";

type Calls = "createToken" | "tokens" | "revokeToken";

interface CreateFlags {
  readonly where: string;
  readonly content?: boolean;
  readonly private?: boolean;
  readonly rights: TokenRequest["rights"];
  readonly expires: Lasting;
}

const TOKEN: readonly Column<StoredToken>[] = [
  { name: "name", value: ({ name }) => name, least: 8 },
  { name: "begins", value: ({ prefix }) => prefix },
  { name: "where", value: ({ where }) => where, shown: ({ where }) => where || "everywhere", least: 12 },
  { name: "reads", value: ({ reads }) => reads, shown: readsOf },
  { name: "private", value: (token) => token.private, hidden: true },
  { name: "rights", value: ({ rights }) => rights.join(","), least: 8 },
  { name: "created_by", value: ({ createdBy }) => createdBy, hidden: true },
  { name: "created", value: ({ createdAt }) => isoOf(createdAt), hidden: true },
  { name: "used", value: ({ usedAt }) => isoOf(usedAt), shown: ({ usedAt }) => shownTime(usedAt, "never") },
  {
    name: "expires",
    value: ({ expiresAt }) => isoOf(expiresAt),
    shown: ({ expiresAt }) => shownTime(expiresAt, "never"),
  },
  {
    name: "revoked",
    value: ({ revokedAt }) => isoOf(revokedAt),
    shown: ({ revokedAt }) => shownTime(revokedAt, ""),
  },
];

/** Adds the tokens by which programs use the API. */
export function addTokens(program: Command, open: Open<Calls>): void {
  const tokens = program.command("tokens").description("tokens by which programs use the API");
  addCreate(tokens, open);
  tokens
    .command("list")
    .description("print the tokens, the newest first; what they are is not kept, only how they begin")
    .option("--json", "as JSON")
    .action(({ json = false }: { json?: boolean }) =>
      within(open, async ({ admin, viewer, to }) => {
        const printer = printerOf(json ? "json" : "table", TOKEN, to);
        printer.rows(await admin.tokens(viewer));
        printer.end();
      }),
    );
  tokens
    .command("revoke")
    .description("end a token, at once")
    .argument("<name>", "its name")
    .action((name: string) =>
      within(open, async ({ admin, viewer, to }) => {
        const revoked = await admin.revokeToken(viewer, name);
        if (!revoked)
          throw new PatchcordError(
            "token_unknown",
            `There is no token ${name} that is not revoked: see \`patchcord tokens list\`.`,
          );
        to.write(`The token ${revoked.name} is revoked.\n`);
      }),
    );
}

function addCreate(tokens: Command, open: Open<Calls>): void {
  tokens
    .command("create")
    .description("make a token, and print it: this once")
    .argument("<name>", "how the audit names it")
    .requiredOption(
      "--where <query>",
      'where it may look: a query by platform, workspace, channel, kind, topic, parent, thread or place; "" for everywhere',
    )
    .option("--content", "it may read what was said, but for what is private")
    .addOption(new Option("--private", "it may read what is private, too").implies({ content: true }))
    .addOption(
      new Option("--rights <rights>", `what else it may do: ${TOKEN_RIGHTS.join(", ")}`)
        .argParser(parseRights)
        .default([], "none"),
    )
    .addOption(
      new Option("--expires <age>", "how long it lasts, such as 12h or 90d, or never")
        .argParser(parseAge)
        .default(NINETY_DAYS, "90d"),
    )
    .action((name: string, flags: CreateFlags) =>
      within(open, async ({ admin, viewer, to }) => {
        const { where, content = false, private: all = false, rights, expires } = flags;
        const { secret, token } = await admin.createToken(viewer, {
          name,
          where,
          reads: content ? "content" : "metadata",
          private: all,
          rights,
          ...expires,
        });
        to.write(`${secret}\n`);
        const until =
          token.expiresAt === undefined ? "until it is revoked" : `until ${isoOf(token.expiresAt)}`;
        to.tell(
          `This is the token ${name}, good ${until}. It is not shown again: keep it where secrets are kept.\n`,
        );
      }),
    );
}

/** Commander takes no option for one that is read as nothing. */
type Lasting = Pick<TokenRequest, "lastsMs">;

const NINETY_DAYS: Lasting = { lastsMs: 90 * 86_400_000 };

function parseAge(text: string): Lasting {
  if (text === "never") return {};
  const ms = durationIn(text);
  if (ms === undefined || ms <= 0)
    throw new InvalidArgumentError("it must be an age, such as 12h or 90d, or never.");
  return { lastsMs: ms };
}

function parseRights(text: string): TokenRequest["rights"] {
  return text.split(",").map((word) => {
    const right = TOKEN_RIGHTS.find((one) => one === word.trim());
    if (!right)
      throw new InvalidArgumentError(
        `a token may have the rights ${TOKEN_RIGHTS.join(", ")}, with commas between them.`,
      );
    return right;
  });
}

function readsOf({ reads, private: all }: StoredToken): string {
  return reads === "content" && all ? "content, private too" : reads;
}

const isoOf = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
const shownTime = (at: number | undefined, none: string) => (at === undefined ? none : timeOf(at));
