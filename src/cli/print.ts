import { stringify } from "yaml";
import { backAddress } from "../admin/session/back.ts";
import { presentOnly } from "../config/environment.ts";
import { type FileConfig, fileJsonSchema } from "../config/file.ts";
import { answersIn } from "../config/platforms.ts";
import { applicationIdOf, discordInvite } from "../discord/invite.ts";
import { ConfigError } from "../errors.ts";
import { slackManifest } from "../slack/manifest.ts";
import { loadBehaviour, type Variables } from "./load.ts";
import { telnyxFor } from "./telnyx.ts";
import type { Standard } from "./terminal.ts";

/** Writes to standard output. */
type Write = Standard["write"];

/** Prints the manifest from which Slack makes the app. Needs no secret: it is what one starts with. Throws `ConfigError`. */
export function printManifest(environment: Variables, write: Write, url: string | undefined): void {
  const behaviour = loadBehaviour(environment);
  const answers = answersIn(behaviour);
  const {
    SLACK_SIGNING_SECRET: secret,
    SLACK_APP_TOKEN: appToken,
    PUBLIC_URL: site,
  } = presentOnly(environment);
  if (url === undefined && secret !== undefined && appToken === undefined) {
    throw new ConfigError([
      "SLACK_SIGNING_SECRET is set, so Slack will send events by HTTP: say where it reaches this bot with --url",
    ]);
  }
  const manifest = slackManifest({
    name: behaviour.name,
    dm: answers.dms ? behaviour.slack.dm : "off",
    channels: answers.channels,
    files: behaviour.replies.code_as_file_after_pages > 0,
    ...(url !== undefined && { requestUrl: eventsUrl(url) }),
    // Slack takes https addresses alone.
    ...(site?.startsWith("https://") && { redirectUrl: backAddress(new URL(site).origin, "slack") }),
  });
  write(stringify(manifest));
}

function eventsUrl(base: string): string {
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (url?.protocol !== "https:")
    throw new ConfigError([
      "--url must be the https address at which Slack reaches this bot, such as https://bot.example.com",
    ]);
  const path = url.pathname.replace(/(?:\/slack\/events)?\/*$/, "");
  return `${url.origin}${path}/slack/events`;
}

/** Prints the address at which a server's admin adds the Discord bot. Throws `ConfigError`. */
export function printInvite(environment: Variables, write: Write): void {
  const token = presentOnly(environment)["DISCORD_TOKEN"];
  if (token === undefined)
    throw new ConfigError([
      "DISCORD_TOKEN is missing: copy it from the application's Bot page in the Discord developer portal",
    ]);
  const { discord, replies }: FileConfig = loadBehaviour(environment);
  const codeAsFileAfterPages = replies.code_as_file_after_pages;
  write(`${discordInvite({ ...discord, codeAsFileAfterPages }, applicationIdOf(token))}\n`);
}

/** Prints the models that a conversation can use, one a line. Throws `ConfigError`, `TelnyxError`. */
export async function printModels(environment: Variables, write: Write): Promise<void> {
  const telnyx = telnyxFor(environment);
  try {
    const models = await telnyx.listModels();
    for (const { id, task } of models) if (task === "text-generation") write(`${id}\n`);
  } finally {
    await telnyx.close();
  }
}

export function printSchema(write: Write): void {
  write(`${JSON.stringify(fileJsonSchema(), undefined, 2)}\n`);
}
