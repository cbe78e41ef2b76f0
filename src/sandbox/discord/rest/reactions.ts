import { setReaction } from "../deeds/reactions.ts";
import { startTyping } from "../deeds/typing.ts";
import { userJson } from "../json/people.ts";
import { Refusal } from "../refusal.ts";
import { holdsMessages, isThread, type Channel } from "../world.ts";
import { channelOf, demand, messageOf, NO_CONTENT, ok, type Answer, type Call, type Route } from "./call.ts";

const OWN = "/channels/:channel/messages/:message/reactions/:emoji/@me";

/** Different emoji that one message can carry (Discord, JSON Error Codes, 30010). */
const MAX_REACTIONS = 20;

export const reactionRoutes: readonly Route[] = [
  { method: "PUT", path: OWN, rate: "reaction", bucket: "reacting", handle: (call) => react(call, true) },
  { method: "DELETE", path: OWN, rate: "reaction", bucket: "reacting", handle: (call) => react(call, false) },
  {
    method: "GET",
    path: "/channels/:channel/messages/:message/reactions/:emoji",
    rate: "reaction",
    handle: listReactions,
  },
  { method: "POST", path: "/channels/:channel/typing", rate: "channel", handle: type },
];

/** Discord, Create Reaction and Delete Own Reaction. */
function react(call: Call, present: boolean): Answer {
  const { core } = call;
  const channel = channelOf(call);
  const message = messageOf(call, channel);
  const emoji = emojiOf(call);
  demand(call, channel, "READ_MESSAGE_HISTORY");
  demandOpen(channel);
  if (present && !message.reactions.has(emoji)) {
    demand(call, channel, "ADD_REACTIONS");
    if (message.reactions.size >= MAX_REACTIONS) throw new Refusal(30010);
  }
  setReaction(core, { channel, message, userId: core.world.bot.id, emoji }, present);
  return NO_CONTENT;
}

function listReactions(call: Call): Answer {
  const { world } = call.core;
  const channel = channelOf(call);
  demand(call, channel, "READ_MESSAGE_HISTORY");
  const users = messageOf(call, channel).reactions.get(emojiOf(call)) ?? [];
  return ok(
    [...users].flatMap((id) => {
      const user = world.users.get(id);
      return user ? [userJson(user)] : [];
    }),
  );
}

/** Unicode emoji alone: the twin's guilds have no emoji of their own. */
function emojiOf({ params }: Call): string {
  const emoji = params["emoji"] ?? "";
  if (!/^(?:\p{RGI_Emoji}|\p{Extended_Pictographic})$/v.test(emoji)) throw new Refusal(10014);
  return emoji;
}

/** Users cannot react in archived threads (Discord, Threads, Active & Archived Threads). */
function demandOpen(channel: Channel): void {
  if (isThread(channel) && channel.thread.archived) throw new Refusal(50083);
}

/** Discord, Trigger Typing Indicator. Who may not write is not shown as writing. */
function type(call: Call): Answer {
  const channel = channelOf(call);
  if (!holdsMessages(channel)) throw new Refusal(50024);
  demand(call, channel, isThread(channel) ? "SEND_MESSAGES_IN_THREADS" : "SEND_MESSAGES");
  startTyping(call.core, channel, call.core.world.bot.id);
  return NO_CONTENT;
}
