import { z } from "zod";

/** A variable that is set to nothing is a variable that is not set: that is how `.env` files leave things out. */
export function presentOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const present = Object.entries(env).map(([name, value]) => [name, value?.trim() ?? ""] as const);
  return Object.fromEntries(present.filter(([, value]) => value !== ""));
}

const url = (example: string) =>
  z.url({ protocol: /^https?$/, error: `must be an http or https address, such as ${example}` });

const isPostgres = (value: string) => /^postgres(?:ql)?:\/\//i.test(value);

/** As many hexadecimal digits are 128 bits. */
const SHORTEST_TOKEN = 32;

const isOrigin = ({ pathname, search, hash, username, password }: URL) =>
  pathname === "/" && [search, hash, username, password].every((part) => part === "");

/** The environment's names. Messages never repeat a value: it may be a secret in the wrong variable. */
export const environmentSchema = z.object({
  TELNYX_API_KEY: z.string({ error: "is missing: create a key in the Telnyx portal under API Keys" }),
  TELNYX_BASE_URL: url("https://api.telnyx.com/v2").default("https://api.telnyx.com/v2"),
  SLACK_BOT_TOKEN: z
    .string()
    .startsWith("xoxb-", "must be the bot user's token, which begins with xoxb-")
    .optional(),
  SLACK_APP_TOKEN: z
    .string()
    .startsWith("xapp-", "must be an app-level token, which begins with xapp-")
    .optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_CLIENT_ID: z.string().optional(),
  SLACK_CLIENT_SECRET: z.string().optional(),
  SLACK_API_URL: url("https://slack.com/api/").optional(),
  DISCORD_TOKEN: z
    .string()
    .refine((token) => !/\s/.test(token), "must be the bot's token alone, without the word Bot before it")
    .optional(),
  DISCORD_CLIENT_SECRET: z.string().optional(),
  DISCORD_API_URL: url("https://discord.com/api").optional(),
  DATABASE_URL: z
    .string()
    .refine(
      (value) => isPostgres(value) || !/^[a-z]{2,}:/i.test(value),
      "must be a path to an SQLite file, such as data/patchcord.db, or an address that begins with postgres://",
    )
    .refine(
      // Without a host, PostgreSQL's own addresses mean a socket in a folder.
      (value) => !isPostgres(value) || URL.canParse(value.replace("@/", "@host/")),
      "cannot be read as an address: write the special characters of its password as %23 for # and the like",
    )
    .default("data/patchcord.db"),
  HOST: z.string().default("127.0.0.1"),
  PORT: z.coerce
    .number({ error: "must be a port, 0 to 65535" })
    .int()
    .min(0)
    .max(65_535, "must be a port, 0 to 65535")
    .default(3000),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
      error: "must be one of fatal, error, warn, info, debug, trace, silent",
    })
    .default("info"),
  ADMIN_TOKEN: z
    .string()
    .min(
      SHORTEST_TOKEN,
      `must have at least ${SHORTEST_TOKEN} characters that nobody guesses: make one with \`openssl rand -hex 32\``,
    )
    .optional(),
  PUBLIC_URL: url("https://bot.example.com")
    .refine(
      (value) => URL.canParse(value) && isOrigin(new URL(value)),
      "must be an address alone, without a path, a password or a question mark, such as https://bot.example.com",
    )
    .transform((value) => new URL(value).origin)
    .optional(),
  PATCHCORD_CONFIG: z.string().default("patchcord.yaml"),
  /** Printed by the sandbox, for the commands beside it. */
  SANDBOX_URL: url("http://127.0.0.1:4020").optional(),
});

export type Environment = z.output<typeof environmentSchema>;

/** The secrets among the variables: what no log line, error or page may ever show. */
export function secretsOf(env: Partial<Environment>): string[] {
  return [
    env.TELNYX_API_KEY,
    env.SLACK_BOT_TOKEN,
    env.SLACK_APP_TOKEN,
    env.SLACK_SIGNING_SECRET,
    env.SLACK_CLIENT_SECRET,
    env.DISCORD_TOKEN,
    env.DISCORD_CLIENT_SECRET,
    env.ADMIN_TOKEN,
    ...passwordsIn(env.DATABASE_URL ?? ""),
  ].filter((secret) => secret !== undefined);
}

/** A database's address and its password, as written and as meant. */
function passwordsIn(url: string): string[] {
  const [, password] = /^[^:]+:\/\/[^:@/?]*:([^/?]+)@/.exec(url) ?? [];
  const parameter = URL.canParse(url) ? new URL(url).searchParams.get("password") : null;
  const written = [password, parameter].filter((word) => typeof word === "string");
  return written.length === 0 ? [] : [url, ...written, ...written.map(decoded)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What is wrong with the variables as a whole: a platform needs all of its own, and at least one platform is needed. */
export function combinationProblems(present: Readonly<Record<string, string>>): string[] {
  const has = (name: string) => present[name] !== undefined;
  const problems: string[] = [];
  if (has("SLACK_BOT_TOKEN") && !has("SLACK_APP_TOKEN") && !has("SLACK_SIGNING_SECRET")) {
    problems.push(
      "SLACK_APP_TOKEN is missing: create an app-level token with connections:write for Socket Mode, or set SLACK_SIGNING_SECRET for HTTP mode",
    );
  }
  if (!has("SLACK_BOT_TOKEN") && (has("SLACK_APP_TOKEN") || has("SLACK_SIGNING_SECRET"))) {
    problems.push(
      "SLACK_BOT_TOKEN is missing, though other Slack variables are set: copy the Bot User OAuth Token of the installed app",
    );
  } else if (!has("SLACK_BOT_TOKEN") && !has("DISCORD_TOKEN")) {
    problems.push(
      "SLACK_BOT_TOKEN or DISCORD_TOKEN is missing: set one for the platform that the bot is to join, or both (README, Set it up)",
    );
  }
  if (has("SLACK_CLIENT_ID") !== has("SLACK_CLIENT_SECRET")) {
    problems.push(
      "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together: copy both from the app's Basic Information page, or leave both out",
    );
  }
  return problems;
}
