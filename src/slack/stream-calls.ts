import type { MessageId, Place } from "../chat/place.ts";
import type { PostKey } from "../chat/platform.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { chunksOf } from "./cards.ts";
import { markOf } from "./find.ts";
import { decodePlace, messageId } from "./place.ts";
import { closeSession } from "./sessions.ts";
import type { Addition, Stream } from "./stream-step.ts";
import type { SlackWeb } from "./web.ts";

/** Slack's calls for streams, each made once. All but `settle` throw `PlatformRefusal`. */
export interface StreamCalls {
  start(place: Place, add: Addition, key: PostKey): Promise<MessageId>;
  append(id: MessageId, stream: Stream, add: Addition): Promise<void>;
  /** Adds what is left, ends the stream and marks the message. False: it had ended before, and nothing was added. */
  stop(id: MessageId, stream: Marked, add?: Addition): Promise<boolean>;
  /** Says that nobody is at work in the thread any more, which Slack does not find out by itself. */
  settle(place: Place): Promise<void>;
}

export interface Marked {
  readonly place: Place;
  readonly key: Pick<PostKey, "text">;
}

/** What says that a stream has ended already. */
const ENDED = new Set(["slack_message_not_in_streaming_state", "slack_stopped_by_user"]);

export function createStreamCalls({ web, log }: { web: SlackWeb; log: Log }): StreamCalls {
  const settle = (place: Place) =>
    closeSession(web, place).catch((error: unknown) =>
      log.debug({ place, err: asError(error) }, "Slack was not told that a stream is over"),
    );
  return {
    settle,
    start: async (place, add, key) => {
      const { channel, threadTs, team } = decodePlace(place);
      // Outside of direct messages a stream is for one person (docs.slack.dev, chat.startStream).
      const recipient = channel.startsWith("D")
        ? {}
        : { recipient_user_id: key.asker, recipient_team_id: team };
      const args = { channel, thread_ts: threadTs, chunks: chunksOf(add), ...recipient };
      const { ts } = await web.call("chat.startStream", args);
      if (typeof ts === "string") return messageId(ts);
      throw new PlatformRefusal("unavailable", "slack_no_ts", "chat.startStream: answered without a ts");
    },
    append: async (id, { place }, add) => {
      await web.call("chat.appendStream", {
        channel: decodePlace(place).channel,
        ts: id,
        chunks: chunksOf(add),
      });
    },
    stop: async (id, { place, key }, add = { text: "", tools: [] }) => {
      const chunks = chunksOf(add);
      const args = { ...(chunks.length > 0 && { chunks }), metadata: markOf(key) };
      try {
        await web.call("chat.stopStream", { channel: decodePlace(place).channel, ts: id, ...args });
        return true;
      } catch (error) {
        if (!(error instanceof PlatformRefusal) || !ENDED.has(error.code)) throw error;
        await settle(place);
        return false;
      }
    },
  };
}
