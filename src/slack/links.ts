import type { Linkable, LinkedMessage, PlatformLinks } from "../chat/links.ts";
import { decodePlace, encodePlace, isId, isTs, messageId } from "./place.ts";

/** `/archives/C1/p1700000000000100`: the ts without its dot (docs.slack.dev, chat.getPermalink). */
const PATH = /^\/archives\/([A-Z0-9]+)\/p(\d{1,12})(\d{6})\/?$/;
const TS = /^(\d{1,12})\.(\d{6})$/;

/** Slack's permalinks, as `chat.getPermalink` gives them, without the call. */
export const slackLinks: PlatformLinks = { platform: "slack", linkTo, readLink };

/** A reply's permalink names its thread (docs.slack.dev, chat.getPermalink); that of a thread's first message does not. */
function linkTo({ place, id, workspaceUrl = "" }: Linkable): string | undefined {
  const { channel, threadTs } = decodePlace(place);
  const [, seconds, micros] = TS.exec(id) ?? [];
  const base = webUrl(workspaceUrl);
  if (!base || seconds === undefined || micros === undefined) return undefined;
  const message = `${base.origin}/archives/${channel}/p${seconds}${micros}`;
  // Neither has a character that an address would have to escape.
  const isReply = threadTs !== undefined && threadTs !== id;
  return isReply ? `${message}?thread_ts=${threadTs}&cid=${channel}` : message;
}

/**
 * By its path alone, since a workspace may have any of several hosts (slack.com, enterprise.slack.com, slack-gov.com), and its host does
 * not tell its id.
 */
function readLink(link: string, workspaces: readonly string[]): LinkedMessage | undefined {
  const url = webUrl(link);
  const [, channel = "", seconds, micros] = PATH.exec(url?.pathname ?? "") ?? [];
  if (!url || seconds === undefined || micros === undefined) return undefined;
  const ts = `${seconds}.${micros}`;
  const threadTs = url.searchParams.get("thread_ts");
  const isReply = threadTs !== null && isTs(threadTs) && threadTs !== ts;
  // A message on its own begins its thread, or is in a direct message that is one place.
  const within = isReply ? [{ threadTs }] : [{ threadTs: ts }, {}];
  const teams = workspaces.filter(isId);
  const places = teams.flatMap((team) => within.map((at) => encodePlace({ team, channel, ...at })));
  return { platform: "slack", id: messageId(ts), places };
}

function webUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}
