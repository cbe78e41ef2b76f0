import type { MessageId, Place } from "../chat/place.ts";
import type { Page, PostKey } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { PlatformRefusal } from "../errors.ts";
import { boundedMap } from "./bounded.ts";
import { findPost, markOf } from "./find.ts";
import { formatPage, nudgeText } from "./format.ts";
import type { Identity } from "./parse.ts";
import { decodePlace, messageId } from "./place.ts";
import { buttonBlocks } from "./presses.ts";
import type { SlackWeb } from "./web.ts";

export interface Pages {
  /** See `Platform.post`. */
  post(place: Place, page: Page, key: PostKey): Promise<MessageId>;
  /** See `Platform.edit`. */
  edit(place: Place, id: MessageId, page: Page): Promise<void>;
}

/** Slack makes no links of bare names. chat.update's own default for `parse` is another (docs.slack.dev, chat.update). */
const UNPARSED = { parse: "none", link_names: false } as const;
/** Keys whose fate this process remembers: those of the replies that are live, many times over. */
const REMEMBERED = 10_000;

/** Posts and edits. Slack has no means against posting twice, so a post whose fate is not known is looked for by its mark. */
export function createPages(deps: { web: SlackWeb; self: Identity; clock: Clock }): Pages {
  const { web } = deps;
  const tried = boundedMap<string, Promise<MessageId> | "unsure">(REMEMBERED);

  const attempt = async (place: Place, page: Page, key: PostKey, unsure: boolean) => {
    const earlier = unsure ? await findPost(deps, decodePlace(place), { key, page }) : undefined;
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

function contentOf(place: Place, { text: markdown, buttons = [], nudge }: Page) {
  if (nudge) return { text: nudgeText(markdown, nudge), ...UNPARSED };
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
    metadata: markOf(key),
  });
  if (typeof ts === "string") return messageId(ts);
  throw new PlatformRefusal("unavailable", "slack_no_ts", "chat.postMessage: answered without a ts");
}
