import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  type ChatInputCommandInteraction,
  type Interaction,
  InteractionContextType,
  InteractionResponseType,
  MessageFlags,
  PermissionFlagsBits,
  RequestMethod,
  Routes,
} from "discord.js";
import type { Command } from "../chat/command.ts";
import type { Listener } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Calls } from "./calls.ts";
import { format } from "./format.ts";
import { type DiscordPlace, encodePlace, NO_GUILD } from "./place.ts";

const WORDS = "words";
/**
 * One command for everything, with its words as one text: then it is the same on every platform. Names of at most 32 characters,
 * descriptions of at most 100 (docs.discord.com, Application Commands).
 */
const COMMAND = {
  name: "patchcord",
  type: ApplicationCommandType.ChatInput,
  description: "Asks the bot about itself: what it keeps, and for admins, what was said where",
  options: [
    { type: ApplicationCommandOptionType.String, name: WORDS, description: "help, or what you want" },
  ],
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
  integration_types: [ApplicationIntegrationType.GuildInstall],
};

/** Between tries to bring an answer. */
const PAUSES_MS = [1_000, 4_000];

/** Takes the commands that people give. */
export interface Commands {
  /** Tells Discord of the command, unless it knows it as it is now. Never rejects. */
  register(applicationId: string): Promise<void>;
  /** Never throws. */
  take(interaction: Interaction): void;
  /** Resolves when nothing is under way. */
  settle(): Promise<void>;
}

export interface CommandDeps {
  readonly calls: Pick<Calls, "request">;
  readonly listener: Pick<Listener, "command">;
  readonly clock: Clock;
  readonly log: Log;
}

export function createCommands(deps: CommandDeps): Commands {
  const underway = new Set<Promise<void>>();
  return {
    register: (applicationId) => register(deps, applicationId),
    take(interaction) {
      if (!interaction.isChatInputCommand()) return;
      const work = handle(deps, interaction).finally(() => underway.delete(work));
      underway.add(work);
    },
    async settle() {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}

/** Discord gives an application 200 new commands a day in a server (docs.discord.com, Application Commands): so it looks first. */
async function register({ calls, log }: CommandDeps, applicationId: string): Promise<void> {
  const fullRoute = Routes.applicationCommands(applicationId);
  try {
    const known = await calls.request({ method: RequestMethod.Get, fullRoute });
    if (Array.isArray(known) && known.some((one) => includes(one, COMMAND))) return;
    await calls.request({ method: RequestMethod.Post, fullRoute, body: COMMAND });
    log.info("Discord was told of the command /patchcord");
  } catch (error) {
    log.warn(
      { err: asError(error) },
      "Discord could not be told of the command /patchcord; the next start tries again",
    );
  }
}

/** Whether `actual` says all that `wanted` does. */
export function includes(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      wanted.every((one, index) => includes(actual[index], one))
    );
  if (typeof wanted !== "object" || wanted === null) return actual === wanted;
  if (typeof actual !== "object" || actual === null) return false;
  const known = actual as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([key, value]) => includes(known[key], value));
}

/**
 * Discord wants to hear within three seconds that it arrived, and takes the answer for 15 minutes (docs.discord.com, Receiving and
 * Responding). The addresses of both calls are secrets meanwhile: they are not logged.
 */
async function handle(deps: CommandDeps, interaction: ChatInputCommandInteraction): Promise<void> {
  const { calls, listener, log } = deps;
  const { id, token } = interaction;
  const command = commandOf(interaction);
  try {
    const data = { flags: MessageFlags.Ephemeral };
    const body = { type: InteractionResponseType.DeferredChannelMessageWithSource, data };
    const fullRoute = Routes.interactionCallback(id, token);
    await calls.request({ method: RequestMethod.Post, fullRoute, auth: false, body });
    await bring(deps, interaction, await listener.command(command));
  } catch (error) {
    const { message: why } = asError(error);
    log.warn({ place: command.place, why }, "a command could not be answered on Discord");
  }
}

async function bring(
  { calls, clock }: CommandDeps,
  to: ChatInputCommandInteraction,
  markdown: string,
): Promise<void> {
  const fullRoute = Routes.webhookMessage(to.applicationId, to.token);
  const body = {
    content: format(markdown),
    allowed_mentions: { parse: [] },
    flags: MessageFlags.SuppressEmbeds,
  };
  for (const pause of [...PAUSES_MS, undefined]) {
    try {
      await calls.request({ method: RequestMethod.Patch, fullRoute, auth: false, body });
      return;
    } catch (error) {
      const mayPass =
        error instanceof PlatformRefusal && (error.kind === "unavailable" || error.kind === "rate_limited");
      if (!mayPass || pause === undefined) throw error;
      await clock.sleep(Math.max(pause, error.retryAfterMs ?? 0));
    }
  }
}

function commandOf(interaction: ChatInputCommandInteraction): Command {
  const { user, member, guildId, memberPermissions } = interaction;
  const name = member && "displayName" in member ? member.displayName : user.displayName;
  return {
    platform: "discord",
    workspaceId: guildId ?? NO_GUILD,
    place: encodePlace(placeOf(interaction)),
    by: { id: user.id, name, kind: "person" },
    words: interaction.options.getString(WORDS) ?? "",
    // Discord says with each interaction what its member may do there.
    manages: async () =>
      guildId !== null && (memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false),
  };
}

function placeOf({ guildId, channelId, channel }: ChatInputCommandInteraction): DiscordPlace {
  if (guildId === null) return { kind: "dm", channel: channelId };
  const parent = channel?.isThread() ? channel.parentId : null;
  return parent === null
    ? { kind: "channel", guild: guildId, channel: channelId }
    : { kind: "thread", guild: guildId, parent, thread: channelId };
}
