import type { Stored } from "./message.ts";
import type { World } from "./world.ts";

/** What a new message must say of itself. */
export type Draft = Pick<Stored, "channel" | "text"> & Partial<Omit<Stored, "ts" | "edits" | "versions">>;

/** Puts a message at the end of its channel, and tells everybody. */
export function post(world: World, draft: Draft): Stored {
  const { text, blocks = [] } = draft;
  const message: Stored = {
    attachments: [],
    files: [],
    reactions: [],
    ...draft,
    blocks,
    ts: world.newTs(),
    edits: 0,
    versions: [{ text, blocks, at: world.clock.now() }],
  };
  world.putMessage(message);
  world.emit({ kind: "posted", message });
  return message;
}

/** The mark of an edit. Slack gives it in whole seconds. */
export function editedNow(world: World, user = ""): NonNullable<Stored["edited"]> {
  return { user, ts: `${Math.floor(world.clock.now() / 1000)}.000000` };
}

export function isReply({ ts, threadTs }: Stored): boolean {
  return threadTs !== undefined && threadTs !== ts;
}

/** Puts a message in the place of `previous` and tells everybody: for what is not an edit. */
export function change(world: World, previous: Stored, message: Stored): void {
  world.putMessage(message);
  world.emit({ kind: "changed", message, previous });
}

/** Puts new content in the place of `previous`, as a new version of the message, and tells everybody. */
export function edit(world: World, previous: Stored, next: Stored): Stored {
  const version = { text: next.text, blocks: next.blocks, at: world.clock.now() };
  const versions = [...previous.versions, version].slice(-world.keep);
  const message = { ...next, versions, edits: previous.edits + 1 };
  change(world, previous, message);
  return message;
}

/** Takes a message away. A root with replies stays as a tombstone: the event says so. */
export function deleteMessage(world: World, previous: Stored): void {
  if (world.repliesTo(previous.channel, previous.ts).length === 0) {
    world.removeMessage(previous);
    return world.emit({ kind: "deleted", previous });
  }
  const { channel, ts, versions, edits } = previous;
  const empty = { blocks: [], attachments: [], files: [], reactions: [] };
  const about = { subtype: "tombstone", user: "USLACKBOT", text: "This message was deleted." };
  const tombstone = { ...empty, ...about, channel, ts, threadTs: ts, versions, edits };
  world.putMessage(tombstone);
  world.emit({ kind: "deleted", previous, tombstone });
}

export function addReaction(world: World, message: Stored, user: string, name: string): void {
  const others = message.reactions.filter((reaction) => reaction.name !== name);
  const users = message.reactions.find((reaction) => reaction.name === name)?.users ?? [];
  if (users.includes(user)) throw new Error(`${user} reacted with ${name} before`);
  const reacted = { ...message, reactions: [...others, { name, users: [...users, user] }] };
  world.putMessage(reacted);
  world.emit({ kind: "reacted", message: reacted, user, name });
}
