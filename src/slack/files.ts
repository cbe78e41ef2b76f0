import type { MessageId, Place } from "../chat/place.ts";
import type { Page, PageFile, PostKey } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { PlatformRefusal } from "../errors.ts";
import { boundedMap } from "./bounded.ts";
import { type Json, list, record } from "./json.ts";
import type { Identity } from "./parse.ts";
import { decodePlace, messageId, tsJustBefore } from "./place.ts";
import { readRaw } from "./reading.ts";
import { putFile, type SlackWeb } from "./web.ts";

/** A page that is a file. */
export type FilePage = Page & { readonly file: PageFile };

/**
 * Files in messages of their own. Slack shares a file some time after it took the order to (slackapi/node-slack-sdk#1865), says nothing of
 * the message, and marks it with no metadata: so it is looked for, by the file's id, or by its name behind the page before.
 */
export interface Files {
  /** Resolves once the file's message is seen. The same key never shares twice. Throws `PlatformRefusal`. */
  post(place: Place, page: FilePage, key: PostKey): Promise<MessageId>;
  /** Whether the message holds the file already, or one behind it does. */
  stands(place: Place, id: MessageId, page: FilePage): Promise<MessageId | undefined>;
}

/** Orders whose outcome this process remembers. */
const REMEMBERED = 1_000;
/** Messages that are looked through: the file stands right behind the page before. */
const SEARCHED = 200;
/** Before each look for what was ordered; for what another process may have ordered, only the first of them. */
const LOOKS_MS = [150, 500, 1_000, 2_000, 4_000];
const LOOKS_FOR_OTHERS_MS = [0, 1_500];
/** As long as a slow network takes for some megabytes. */
const UPLOAD_MS = 30_000;

interface FilesDeps {
  readonly web: SlackWeb;
  readonly self: Identity;
  readonly clock: Clock;
}

export function createFiles(deps: FilesDeps): Files {
  const { web } = deps;
  /** The file that was made for a key, to be shared. */
  const made = boundedMap<string, string>(REMEMBERED);

  const share = async (place: Place, page: FilePage, key: PostKey): Promise<MessageId> => {
    const earlier = made.get(key.text);
    const id = earlier ?? (await upload(deps, page.file));
    made.set(key.text, id);
    await order(web, place, { id, page }).catch((error: unknown) => {
      const isRejected = error instanceof PlatformRefusal && error.kind === "rejected";
      // It can be ordered once only (docs.slack.dev, files.completeUploadExternal): a second refusal says that it was.
      if (isRejected && earlier !== undefined) return;
      if (isRejected) made.delete(key.text);
      throw error;
    });
    const found = await look(deps, LOOKS_MS, { place, after: key.after, isIt: (file) => file["id"] === id });
    if (found) return found;
    throw new PlatformRefusal(
      "unavailable",
      "slack_file_not_shown",
      `Slack does not show the file ${id} yet`,
    );
  };

  return {
    post: async (place, page, key) => {
      if (key.repeated && made.get(key.text) === undefined) {
        const found = await look(deps, LOOKS_FOR_OTHERS_MS, { place, after: key.after, isIt: isNamed(page) });
        if (found) return found;
      }
      return share(place, page, key).catch(asFileRefusal);
    },
    stands: (place, id, page) => look(deps, [0], { place, after: tsJustBefore(id), isIt: isNamed(page) }),
  };
}

const isNamed =
  ({ file }: FilePage) =>
  ({ name }: Json) =>
    name === file.name;

interface Wanted {
  readonly place: Place;
  readonly after: string | undefined;
  readonly isIt: (file: Json) => boolean;
}

/** The bot's message with the file, looked for after each of the pauses. */
async function look(
  { web, self, clock }: FilesDeps,
  pauses: readonly number[],
  { place, after, isIt }: Wanted,
): Promise<MessageId | undefined> {
  const bounds = { atMost: SEARCHED, ...(after === undefined ? {} : { after }) };
  for (const pause of pauses) {
    if (pause > 0) await clock.sleep(pause);
    for await (const { user, ts, files } of readRaw(web, decodePlace(place), bounds)) {
      if (user !== self.botUserId || typeof ts !== "string") continue;
      if (list(files).map(record).some(isIt)) return messageId(ts);
    }
  }
  return undefined;
}

/** Puts the text where Slack says, and returns the file's id. Nobody sees it yet: what is not shared is dropped. */
async function upload({ web, clock }: { web: SlackWeb; clock: Clock }, file: PageFile): Promise<string> {
  const bytes = new TextEncoder().encode(file.text);
  const method = "files.getUploadURLExternal";
  const answer = await web.call(method, { filename: file.name, length: bytes.length });
  const { upload_url: url, file_id: id } = answer;
  if (typeof url !== "string" || typeof id !== "string")
    throw new PlatformRefusal("unavailable", "slack_no_upload_url", `${method}: answered without an address`);
  const late = new AbortController();
  const done = new AbortController();
  clock.sleep(UPLOAD_MS, done.signal).then(
    () => late.abort(),
    () => undefined, // it was in time
  );
  try {
    await putFile(url, bytes, late.signal);
  } finally {
    done.abort();
  }
  return id;
}

async function order(
  web: SlackWeb,
  place: Place,
  { id, page }: { id: string; page: FilePage },
): Promise<void> {
  const { channel, threadTs } = decodePlace(place);
  await web.call("files.completeUploadExternal", {
    files: [{ id, title: page.file.name }],
    channel_id: channel,
    initial_comment: page.text,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  });
}

/** Where no file can be posted, because of a scope, a setting or a quota, text still may be. */
function asFileRefusal(error: unknown): never {
  if (error instanceof PlatformRefusal && error.kind === "unreachable")
    throw new PlatformRefusal("rejected", error.code, error.message, { cause: error });
  throw error;
}
