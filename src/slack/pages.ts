import type { MessageId, Place } from "../chat/place.ts";
import type { Page, PostKey } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { PlatformRefusal } from "../errors.ts";
import { boundedMap } from "./bounded.ts";
import { cardBlocks, cardWords } from "./cards.ts";
import { createFiles, type FilePage } from "./files.ts";
import { findPost, markOf } from "./find.ts";
import { formatPage, nudgeText } from "./format.ts";
import type { Identity } from "./parse.ts";
import { decodePlace, messageId } from "./place.ts";
import { buttonBlocks } from "./presses.ts";
import type { Streams } from "./streams.ts";
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
export function createPages(deps: { web: SlackWeb; self: Identity; clock: Clock; streams: Streams }): Pages {
  const { web, streams } = deps;
  const edits = createEdits(deps);
  const tried = boundedMap<string, Promise<MessageId> | "unsure">(REMEMBERED);

  const files = createFiles(deps);
  const attempt = async (place: Place, page: Page, key: PostKey, unsure: boolean) => {
    if (isFile(page)) return files.post(place, page, { ...key, repeated: unsure });
    const earlier = unsure ? await findPost(deps, decodePlace(place), { key, page }) : undefined;
    if (earlier !== undefined) return earlier;
    // Of replies that begin at once each has to see what became of those before it: nothing waits between this look and the post.
    const begun =
      streams.countsAs(place, page) === "start" ? await streams.start(place, page, key) : undefined;
    if (begun !== undefined) return begun;
    const posted = await postNew(web, place, page, key).finally(streams.beside.posting(place));
    streams.beside.posted(place, posted, page);
    edits.isMarked(posted);
    return posted;
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
      if (isFile(page)) {
        // After a restart it is not known what the message shows: the file, or what another answer had in its place.
        const standing = await files.stands(place, id, page);
        if (standing === id) return;
        const key = { turn: 0, page: 0, text: `${id}-${page.file.name}`, after: id, repeated: false };
        if (!standing) await files.post(place, page, key);
      }
      await edits.edit(place, id, page);
    },
  };
}

/** Edits, of what is streamed as well. */
function createEdits({ web, streams }: { web: SlackWeb; streams: Streams }) {
  const marked = boundedMap<MessageId, true>(REMEMBERED);
  const update = async (place: Place, id: MessageId, page: Page) => {
    const { channel } = decodePlace(place);
    // Once a page is edited its key is not looked for any more, but a stream without a mark could be taken for another page's.
    const mark = marked.get(id) ? {} : { metadata: markOf(nobodys(id)) };
    // With blocks no "(edited)" is shown (docs.slack.dev, chat.update).
    await web.call("chat.update", { channel, ts: id, ...contentOf(place, page), ...mark });
    marked.set(id, true);
    streams.beside.edited(id, page);
  };
  return {
    /** A message of ours carries its mark already. */
    isMarked: (id: MessageId) => marked.set(id, true),
    edit: async (place: Place, id: MessageId, page: Page) => {
      if (await streams.show(id, page)) return;
      try {
        await update(place, id, page);
      } catch (error) {
        // What is streamed is not edited before the stream has ended (docs.slack.dev, chat.update).
        if (!(error instanceof PlatformRefusal) || error.code !== "slack_streaming_state_conflict")
          throw error;
        await streams.end(place, id, nobodys(id));
        await update(place, id, page);
      }
    },
  };
}

const isFile = (page: Page): page is FilePage => page.file !== undefined;

/** The mark of a message that no page is looked for in. */
const nobodys = (id: MessageId) => ({ text: `page-${id}` });

function contentOf(place: Place, { text: markdown, buttons = [], tools = [], nudge }: Page) {
  if (nudge) return { text: nudgeText(markdown, nudge), ...UNPARSED };
  const { text, blocks } = formatPage(markdown);
  // Slack takes no block without text (docs.slack.dev, Markdown block).
  const written = markdown === "" ? [] : blocks;
  return {
    text: markdown === "" ? cardWords(tools) : text,
    blocks: [...cardBlocks(tools), ...written, ...buttonBlocks(buttons, place)],
    ...UNPARSED,
  };
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
