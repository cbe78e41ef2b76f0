import type { Core } from "../core.ts";
import type { Commanding } from "../given.ts";
import type { Json } from "../json/people.ts";
import { can } from "../permissions.ts";
import { need } from "../world.ts";
import { interact } from "./presses.ts";

/** Discord, Application Command Object: chat input, and an option that is text. */
const CHAT_INPUT = 1;
const TEXT = 3;
const APPLICATION_COMMAND = 2;

/** A person gives a command that the bot registered, with everything behind its name as its one text. Resolves with whether the bot answered in time. */
export async function command(core: Core, given: Commanding, signal: AbortSignal): Promise<boolean> {
  const channel = need(core.world.channels, given.channel, "channel");
  const userId = need(core.world.users, given.user, "user").id;
  const [, name = "", words = ""] = /^\/(\S+)\s*([^]*)$/u.exec(given.text.trim()) ?? [];
  const known = core.world.commands.get(name);
  const context = channel.guildId === undefined ? 1 : 0;
  const contexts = known?.["contexts"];
  if (!known || (Array.isArray(contexts) && !contexts.includes(context)))
    throw new Error(`There is no command /${name} here.`);
  if (!can(core.world, userId, channel, "VIEW_CHANNEL"))
    throw new Error(`${userId} does not see ${channel.name}.`);
  const option = ((known["options"] ?? []) as Json[]).find(({ type }) => type === TEXT);
  if (words !== "" && !option) throw new Error(`/${name} takes no words.`);
  const options = words === "" ? [] : [{ type: TEXT, name: option?.["name"], value: words }];
  const data = { id: known["id"], name, type: CHAT_INPUT, options };
  return interact(core, { channel, userId, type: APPLICATION_COMMAND, more: () => ({ data }) }, signal);
}
