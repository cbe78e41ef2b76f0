import { randomBytes } from "node:crypto";
import type { Core } from "../core.ts";
import { channelJson } from "../json/channel.ts";
import { createdJson, messageJson } from "../json/message.ts";
import { memberWithUserJson, userJson, type Json } from "../json/people.ts";
import { findMentions, type AllowedMentions } from "../mentions.ts";
import { can, permissionsIn } from "../permissions.ts";
import { need, type Channel, type Interaction, type Message, type World } from "../world.ts";

export interface Pressing {
  readonly channel: Channel;
  readonly message: Message;
  readonly userId: string;
  readonly customId: string;
}

/** Discord, Receiving and Responding: what the bot has not answered by then has failed. */
export const ANSWER_WITHIN_MS = 3_000;
const BUTTON = 2;
const COMPONENT = 3;
const EPHEMERAL = 1 << 6;

/** A person presses a button of the bot's. Resolves with whether the bot answered in time. */
export async function press(core: Core, pressing: Pressing, signal: AbortSignal): Promise<boolean> {
  const { world } = core;
  const { channel, message, userId, customId } = pressing;
  const button = message.components.flat().find((one) => one.customId === customId);
  if (!button || button.disabled) throw new Error(`No button ${customId} under ${message.id}.`);
  if (!can(world, userId, channel, "VIEW_CHANNEL"))
    throw new Error(`${userId} does not see ${channel.name}.`);
  const data = { id: 2, component_type: BUTTON, custom_id: button.customId };
  const more = () => ({ message: messageJson(world, message, core.eye), data });
  return interact(core, { channel, userId, type: COMPONENT, more }, signal);
}

/** What somebody does with the bot, where, and what the bot is told of it. */
export interface Deed {
  readonly channel: Channel;
  readonly userId: string;
  /** Of Discord's table of interaction types. */
  readonly type: number;
  readonly more: () => Json;
}

/** Tells the bot. Resolves with whether it answered in time. */
export function interact(core: Core, deed: Deed, signal: AbortSignal): Promise<boolean> {
  const { world, settings } = core;
  const { channel, userId } = deed;
  const answered = Promise.withResolvers<boolean>();
  const inTime = new AbortController();
  const interaction: Interaction = {
    id: world.newId(),
    // As long as real ones, and as secret.
    token: randomBytes(160).toString("base64url"),
    channelId: channel.id,
    userId,
    createdAt: world.now(),
    state: "open",
    promised: false,
    acknowledge() {
      interaction.state = "acknowledged";
      inTime.abort();
      answered.resolve(true);
    },
  };
  world.interactions.set(interaction.id, interaction);
  core.publish({
    name: "INTERACTION_CREATE",
    guildId: channel.guildId,
    // Nobody has to ask for it (Discord, Gateway, List of Intents).
    intents: 0,
    data: () => interactionJson(core, deed, interaction),
  });
  settings.clock.sleep(ANSWER_WITHIN_MS, AbortSignal.any([signal, inTime.signal])).then(
    () => {
      interaction.state = "failed";
      answered.resolve(false);
    },
    () => answered.resolve(interaction.state === "acknowledged"),
  );
  return answered.promise;
}

/** Discord, Interaction Object. The keys are those of real payloads. */
function interactionJson({ world }: Core, deed: Deed, interaction: Interaction): Json {
  const { channel, userId, type, more } = deed;
  const guild = world.guilds.get(channel.guildId ?? "");
  const member = guild?.members.get(userId);
  return {
    id: interaction.id,
    application_id: world.applicationId,
    type,
    token: interaction.token,
    version: 1,
    ...(guild && member
      ? {
          guild_id: guild.id,
          guild: { id: guild.id, features: [], locale: "en-US" },
          guild_locale: "en-US",
          member: {
            ...memberWithUserJson(world, member),
            permissions: String(permissionsIn(world, userId, channel)),
          },
        }
      : { user: userJson(need(world.users, userId, "user")) }),
    channel_id: channel.id,
    channel: channelJson(world, channel),
    ...more(),
    locale: "en-US",
    app_permissions: String(permissionsIn(world, world.bot.id, channel)),
    entitlements: [],
    authorizing_integration_owners: guild ? { 0: guild.id } : { 1: userId },
    context: guild ? 0 : 1,
    attachment_size_limit: 10 * 1024 * 1024,
  };
}

/**
 * The bot answers one person, in a message that nobody else sees and that is kept nowhere. The bot is told of it as of a direct message:
 * without a guild.
 */
export function whisper(
  core: Core,
  to: Interaction,
  said: { readonly content: string; readonly allowed: AllowedMentions | undefined },
): Json {
  const { world } = core;
  const channel = need(world.channels, to.channelId, "channel");
  const found = findMentions(world, { ...said, channel, authorId: world.bot.id });
  const message: Message = {
    ...blank(world, channel),
    content: said.content,
    mentions: { everyone: found.everyone, roles: found.roles, users: found.users },
  };
  core.publish({
    name: "MESSAGE_CREATE",
    data: (eye) => {
      const { guild_id: _guild, member: _member, ...json } = createdJson(world, message, eye);
      return json;
    },
  });
  core.changed({ kind: "whispered", channelId: channel.id, userId: to.userId, content: said.content });
  return messageJson(world, message, core.eye);
}

function blank(world: World, channel: Channel): Message {
  return {
    id: world.newId(),
    channelId: channel.id,
    type: 0,
    authorId: world.bot.id,
    createdAt: world.now(),
    reactions: new Map(),
    history: [],
    content: "",
    editedAt: null,
    flags: EPHEMERAL,
    pinned: false,
    mentions: { everyone: false, roles: [], users: [] },
    attachments: [],
    embeds: [],
    components: [],
  };
}
