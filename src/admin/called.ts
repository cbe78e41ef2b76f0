import type { ChannelKind } from "../chat/place.ts";
import type { PlaceFacts } from "../store/archive.ts";
import type { Sum, SumBy } from "../store/sums.ts";
import type { HeardMessage } from "../store/heard.ts";
import { FORGOTTEN } from "../store/erasure.ts";
import { isSeen, nameOr, shortened } from "./shortened.ts";

/* PURE: what places and conversations are called for people, in every face. What is returned is plain text on one line: a face escapes it. */

/** What is known of a conversation, or of a turn in it, that names it. */
export interface Nameable extends Pick<
  PlaceFacts,
  "workspaceId" | "workspaceName" | "channelId" | "channelName" | "channelKind" | "threadId" | "threadName"
> {
  readonly startedByName?: string;
  readonly userName?: string;
  readonly excerpt?: string;
}

const LONGEST_EXCERPT = 100;
/** Behind so many characters of a question nothing of it is looked at. */
const LOOKED_AT = 2_000;

/** `#support`, `DM with Alice`: the channel. */
export function channelCalled(place: Nameable): string {
  const { channelKind, channelName, channelId, startedByName, userName } = place;
  return channelNamed(channelKind, { channelName, channelId, person: startedByName ?? userName });
}

interface ChannelNames {
  readonly channelId: string;
  readonly channelName?: string | undefined;
  /** Whose direct message it is. */
  readonly person?: string | undefined;
}

function channelNamed(kind: ChannelKind, { channelId, channelName, person = "" }: ChannelNames): string {
  const somebody = person === FORGOTTEN ? "" : nameOr(person, "");
  if (kind === "dm") return somebody === "" ? "Direct message" : `DM with ${somebody}`;
  if (kind === "group_dm") {
    // Nobody gives it a name: its name is the people in it.
    const people = nameOr(channelName, somebody === "" ? "" : `${somebody} and others`);
    return people === "" ? "Group DM" : `Group DM with ${people}`;
  }
  return `#${nameOr(channelName, channelId)}`;
}

/** What a conversation is called within its channel: its thread's name, or else how it begins. Undefined: it is all that there is, or nothing more is known. */
export function threadCalled({ threadId, threadName, excerpt }: Nameable): string | undefined {
  const named = nameOr(threadName, (threadId !== undefined && excerpt) || "");
  return named === "" ? undefined : named;
}

/** `#support › Where is order 17?`, `DM with Alice`. */
export function called(conversation: Nameable): string {
  const thread = threadCalled(conversation);
  return [channelCalled(conversation), ...(thread === undefined ? [] : [thread])].join(" › ");
}

/** The same with its workspace before it, where those of several stand together. */
export function calledInFull(conversation: Nameable): string {
  const { workspaceName, workspaceId } = conversation;
  return `${nameOr(workspaceName, workspaceId)} › ${called(conversation)}`;
}

/** Whose a message is that the model was given without being asked by it. */
export function heardFrom({ userId, userName }: Pick<HeardMessage, "userId" | "userName">): string {
  if (userId === undefined) return "somebody, of whom no note was kept then";
  return userId === FORGOTTEN ? "somebody who is forgotten" : nameOr(userName, userId);
}

/** What a row of sums is of. */
export function sumCalled({ key, name, kind }: Sum, by: SumBy | undefined): string {
  if (by === undefined) return "all";
  if (key === undefined) return "not known";
  if (by !== "channel" || kind === undefined) return nameOr(name, key);
  const isPersons = kind === "dm";
  return channelNamed(kind, { channelId: key, ...(isPersons ? { person: name } : { channelName: name }) });
}

/** What is Markdown about a text, and no words of it: fences, heads, quotations, bold, code, and where links lead. */
const FENCE = /^ {0,3}(?:`{3,}|~{3,}).*$/gm;
const BEFORE = /^ {0,3}(?:#{1,6}[ \t]+|(?:>[ \t]?)+|[-*+][ \t]+)/gm;
const LINK = /!?\[([^\]\n]*)\]\([^)\s]*\)/g;
const AROUND = /\*\*(?=\S)([^*\n]+)\*\*|`+/g;

/** How a conversation begins, in a few words, without its Markdown. Undefined: there are no words. */
export function excerptOf(question: string): string | undefined {
  const words = question
    .slice(0, LOOKED_AT)
    .replaceAll(FENCE, " ")
    .replaceAll(BEFORE, "")
    .replaceAll(LINK, "$1")
    .replaceAll(AROUND, "$1")
    .replaceAll(/\s+/g, " ");
  return isSeen(words) ? shortened(words, LONGEST_EXCERPT) : undefined;
}
