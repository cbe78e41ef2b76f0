import type { Looked } from "../chat/platform.ts";
import { PlatformRefusal } from "../errors.ts";
import type { SlackConfig } from "./config.ts";
import { type HistoryDeps, toMessages } from "./history.ts";
import { list, record } from "./json.ts";
import { slackLinks } from "./links.ts";
import { decodePlace } from "./place.ts";
import { readPost } from "./post.ts";
import type { SlackWeb } from "./web.ts";

export interface LookupDeps extends Pick<HistoryDeps, "self" | "directory"> {
  readonly web: SlackWeb;
  readonly dm: SlackConfig["dm"];
}

/** Codes that speak of the message and its channel, not of Slack. */
const MISSING: Readonly<Record<string, string>> = {
  slack_thread_not_found: "there is no such message in the channel: it was deleted, or the link is not right",
  slack_message_not_found:
    "there is no such message in the channel: it was deleted, or the link is not right",
  slack_channel_not_found:
    "the bot sees no such channel: it is in another workspace, or private and without the bot",
  slack_not_in_channel: "the bot is not in the channel: invite it there first",
};

/** See `Platform.find`. */
export async function findMessage({ web, self, directory, dm }: LookupDeps, link: string): Promise<Looked> {
  const linked = slackLinks.readLink(link, [self.team]);
  const [place] = linked?.places ?? [];
  if (!linked || !place) return { missing: "it is no link to a message in Slack" };
  const { channel, threadTs = linked.id } = decodePlace(place);
  try {
    // Also for a message that nobody replied to, Slack gives the message itself (docs.slack.dev, conversations.replies).
    const query = { channel, ts: threadTs, oldest: linked.id, latest: linked.id, inclusive: true };
    const answer = await web.call("conversations.replies", query);
    const raw = list(answer["messages"])
      .map(record)
      .find(({ ts }) => ts === linked.id);
    if (!raw) return { missing: `Slack: ${MISSING["slack_message_not_found"]}` };
    const post = readPost(raw, { team: self.team, channel });
    const [message] = post ? await toMessages({ self, directory }, [post], dm) : [];
    return message ? { message } : { missing: "it is a note of Slack's own: nobody said it" };
  } catch (caught) {
    const why = caught instanceof PlatformRefusal ? MISSING[caught.code] : undefined;
    if (why === undefined) throw caught;
    return { missing: `Slack: ${why}` };
  }
}
