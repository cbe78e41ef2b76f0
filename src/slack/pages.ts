import type { MessageId, Place } from "../chat/place.ts";
import type { Page, PostKey } from "../chat/platform.ts";
import { PlatformRefusal } from "../errors.ts";
import { boundedMap } from "./bounded.ts";
import { formatPage } from "./format.ts";
import { record } from "./json.ts";
import type { Identity } from "./parse.ts";
import { decodePlace, messageId } from "./place.ts";
import { buttonBlocks } from "./presses.ts";
import { readRaw } from "./reading.ts";
import type { SlackWeb } from "./web.ts";

export interface Pages {
  /** See `Platform.post`. */
  post(place: Place, page: Page, key: PostKey): Promise<MessageId>;
  /** See `Platform.edit`. */
  edit(place: Place, id: MessageId, page: Page): Promise<void>;
}

/** What a post is marked with, so that it can be found again. Named in the app's own messages only; nobody sees it. */
const EVENT_TYPE = "patchcord_page";
/** Slack makes no links of bare names. chat.update's own default for `parse` is another (docs.slack.dev, chat.update). */
const UNPARSED = { parse: "none", link_names: false } as const;
/** Keys whose fate this process remembers: those of the replies that are live, many times over. */
const REMEMBERED = 10_000;
/** Messages that are looked through for an earlier post. What it answers bounds the search from below, so it ends long before. */
const SEARCHED = 10_000;

/** Posts and edits. Slack has no means against posting twice, so a post whose fate is not known is looked for by its mark. */
export function createPages(deps: { web: SlackWeb; self: Identity }): Pages {
  const { web } = deps;
  const tried = boundedMap<string, Promise<MessageId> | "unsure">(REMEMBERED);

  const attempt = async (place: Place, page: Page, key: PostKey, unsure: boolean) => {
    const earlier = unsure ? await findPost(deps, place, { key, page }) : undefined;
    return earlier ?? (await postNew(web, place, page, key));
  };

  return {
    post: (place, page, key) => {
      const earlier = tried.get(key.text);
      if (earlier !== undefined && earlier !== "unsure") return earlier;
      const unsure = key.repeated || earlier === "unsure";
      const posting = attempt(place, page, key, unsure);
      tried.set(key.text, posting);
      posting.catch((error: unknown) => {
        // Any other refusal says that nothing was posted this time; an earlier attempt is as unsure as before.
        const maybePosted = !(error instanceof PlatformRefusal) || error.kind === "unavailable";
        if (unsure || maybePosted) tried.set(key.text, "unsure");
        else tried.delete(key.text);
      });
      return posting;
    },
    edit: async (place, id, page) => {
      const { channel } = decodePlace(place);
      // With blocks no "(edited)" is shown (docs.slack.dev, chat.update).
      await web.call("chat.update", { channel, ts: id, ...contentOf(place, page) });
    },
  };
}

function contentOf(place: Place, { text: markdown, buttons = [] }: Page) {
  const { text, blocks } = formatPage(markdown);
  return { text, blocks: [...blocks, ...buttonBlocks(buttons, place)], ...UNPARSED };
}

async function postNew(web: SlackWeb, place: Place, page: Page, key: PostKey): Promise<MessageId> {
  const { channel, threadTs } = decodePlace(place);
  const { ts } = await web.call("chat.postMessage", {
    channel,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    ...contentOf(place, page),
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: EVENT_TYPE, event_payload: { key: key.text } },
  });
  if (typeof ts === "string") return messageId(ts);
  throw new PlatformRefusal("unavailable", "slack_no_ts", "chat.postMessage: answered without a ts");
}

/** The post that carries the key, among what was said since the message that it answers. Throws `PlatformRefusal`. */
async function findPost(
  deps: { web: SlackWeb; self: Identity },
  place: Place,
  wanted: { key: PostKey; page: Page },
): Promise<MessageId | undefined> {
  const after = wanted.page.replyTo === undefined ? {} : { after: wanted.page.replyTo };
  for await (const raw of readRaw(deps.web, decodePlace(place), { ...after, atMost: SEARCHED })) {
    const { user, ts, metadata } = raw;
    const mark = record(metadata);
    const isOurs = user === deps.self.botUserId && mark["event_type"] === EVENT_TYPE;
    if (isOurs && record(mark["event_payload"])["key"] === wanted.key.text && typeof ts === "string")
      return messageId(ts);
  }
  return undefined;
}
