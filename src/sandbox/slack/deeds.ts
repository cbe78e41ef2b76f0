import { defined } from "./defined.ts";
import type { Stored } from "./message.ts";
import { addReaction, change, deleteMessage, edit, editedNow, isReply, post } from "./posting.ts";
import { fileJson } from "./files.ts";
import { encodeTyped } from "./text.ts";
import type { SlackDeeds } from "./contract.ts";
import type { SlackBlock, SlackUtterance } from "./types.ts";
import type { User, World } from "./world.ts";

/** What people and other bots do. A deed that Slack's own client would not offer throws. */
export function createDeeds(
  world: World,
): Omit<SlackDeeds, "press" | "command" | "stopSession" | "openHome"> {
  return {
    say: (utterance) => say(world, utterance),
    edit: (channel, ts, text) => {
      const previous = known(world, channel, ts);
      const edited = editedNow(world, previous.user);
      edit(world, previous, { ...previous, ...encodeTyped(world, text), edited });
    },
    delete: (channel, ts) => deleteMessage(world, known(world, channel, ts)),
    react: (channel, ts, user, name) => addReaction(world, known(world, channel, ts), user, name),
    echo: (channel, ts, because) => {
      const previous = known(world, channel, ts);
      if (because === "reply_count") return change(world, previous, previous);
      const preview: SlackBlock = {
        id: 1,
        from_url: "https://example.com/",
        service_name: "Example",
        title: "An example",
        fallback: "Example: An example",
      };
      change(world, previous, { ...previous, attachments: [...previous.attachments, preview] });
    },
  };
}

function known(world: World, channel: string, ts: string): Stored {
  const message = world.find(channel, ts);
  if (!message) throw new Error(`no message ${ts} in ${channel} of the Slack twin`);
  return message;
}

function say(world: World, utterance: SlackUtterance): string {
  const { channel, user, threadTs } = utterance;
  const speaker = world.users.get(user);
  if (!speaker) throw new Error(`no user ${user} in the Slack twin`);
  if (!world.channel(channel).members.includes(user)) throw new Error(`${user} is not in ${channel}`);
  if (threadTs !== undefined && isReply(known(world, channel, threadTs)))
    throw new Error(`${threadTs} is a reply: name the root of its thread`);
  const typed = encodeTyped(world, utterance.text, utterance.literal);
  // What bots post by text has no blocks.
  const content = speaker.bot ? { ...typed, blocks: [] } : typed;
  const message = post(world, {
    channel,
    ...defined({ threadTs, subtype: subtypeOf(utterance, speaker) }),
    ...authorOf(world, utterance, speaker),
    ...content,
    files: (utterance.files ?? []).map((file) => fileJson(world, user, file)),
  });
  return message.ts;
}

function subtypeOf(utterance: SlackUtterance, speaker: User): string | undefined {
  if (utterance.broadcast && utterance.threadTs !== undefined) return "thread_broadcast";
  if (utterance.files?.length) return "file_share";
  if (utterance.me) return "me_message";
  return speaker.bot && utterance.botStyle === "legacy" ? "bot_message" : undefined;
}

function authorOf(world: World, utterance: SlackUtterance, speaker: User): Partial<Stored> {
  if (!speaker.bot) return { user: speaker.id, clientMsgId: clientMsgId(world) };
  if (utterance.botStyle === "legacy") return { botId: speaker.bot.botId, username: speaker.name };
  return { user: speaker.id, botId: speaker.bot.botId };
}

/** A UUID, as Slack's clients make for each message they send. */
function clientMsgId(world: World): string {
  const hex = world.newId("").toLowerCase().padStart(12, "0");
  return `00000000-0000-4000-8000-${hex.slice(-12)}`;
}
