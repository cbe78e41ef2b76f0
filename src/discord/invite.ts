import { PermissionFlagsBits } from "discord.js";
import { ConfigError } from "../errors.ts";
import type { DiscordConfig } from "./config.ts";

export interface NeededPermission {
  /** Discord's name for it, as in its table of permissions. */
  readonly name: keyof typeof PermissionFlagsBits;
  readonly why: string;
}

type Needing = Pick<DiscordConfig, "reply" | "codeAsFileAfterPages">;

/** What the bot has to be allowed, and why: nothing that it can do without. */
export function neededPermissions({ reply, codeAsFileAfterPages = 0 }: Needing): readonly NeededPermission[] {
  return [
    { name: "ViewChannel", why: "to see channels and what is said in them" },
    { name: "SendMessages", why: "to answer in channels" },
    { name: "SendMessagesInThreads", why: "to answer in threads and forum posts" },
    {
      name: "ReadMessageHistory",
      why: "to know what was said before it was called, and to reply to a message",
    },
    ...(reply === "thread"
      ? [{ name: "CreatePublicThreads", why: "to open a thread for each question" } as const]
      : []),
    ...(codeAsFileAfterPages > 0
      ? [{ name: "AttachFiles", why: "to post long code as a file" } as const]
      : []),
  ];
}

/** The address at which a server's admin adds the bot, with exactly the permissions that the configuration needs. */
export function discordInvite(config: Needing, applicationId: string): string {
  const permissions = neededPermissions(config).reduce(
    (bits, { name }) => bits | PermissionFlagsBits[name],
    0n,
  );
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: "bot applications.commands",
    permissions: String(permissions),
  });
  return `https://discord.com/oauth2/authorize?${query.toString()}`;
}

/**
 * The application that a bot's token belongs to: a token's first part is its bot's id in base64, and a bot has its
 * application's id, save for a few of the earliest (docs.discord.com, API Reference, Authentication). Throws `ConfigError` for what is no such token.
 */
export function applicationIdOf(token: string): string {
  const id = Buffer.from(token.split(".")[0] ?? "", "base64").toString("latin1");
  if (/^\d{17,20}$/.test(id)) return id;
  throw new ConfigError([
    "DISCORD_TOKEN is not a bot's token: copy it from the application's Bot page in the Discord developer portal",
  ]);
}
