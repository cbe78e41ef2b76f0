import { z } from "zod";
import { adminSchema } from "./admin.ts";

/**
 * `moonshotai/Kimi-K2.6`: on Telnyx's published list of hosted models (docs/inference/rate-limits, October 2026).
 * Models come and go; the start checks that this one is still there.
 */
export const DEFAULT_MODEL = "moonshotai/Kimi-K2.6";

const DEFAULT_INSTRUCTIONS =
  "You are a helpful colleague in a team's chat. Answer what was asked, correctly and briefly; say so when you do not know.";

/** A week: what is older is not read any more. */
const MOST_MINUTES = 7 * 24 * 60;

const mode = z
  .enum(["mentions", "every_message", "never"])
  .describe(
    "mentions: when the bot is mentioned, replied to, or takes part in the thread. every_message: always. never: not at all.",
  );

const model = z.string().trim().min(1).max(200);
const instructions = z.string().trim().min(1).max(20_000);

const notifyAfter = z
  .int()
  .min(0)
  .max(24 * 60 * 60);

const override = z
  .strictObject({
    answer: mode.optional(),
    model: model.optional().describe("Another model in this channel."),
    instructions: instructions
      .optional()
      .describe("Other instructions in this channel, in place of the general ones."),
    notify_after_seconds: notifyAfter.optional().describe("Another limit in this channel; 0: never."),
  })
  .describe("What is different in one channel and its threads.");

/** The shape of `patchcord.yaml`. Everything has a default: the file is optional. */
export const fileSchema = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(35)
      .default("Patchcord")
      .describe("What the bot calls itself (at most 35 characters, Slack's limit for an app's name)."),
    model: model
      .default(DEFAULT_MODEL)
      .describe("A model of Telnyx's list, as `patchcord models` prints it."),
    instructions: instructions
      .default(DEFAULT_INSTRUCTIONS)
      .describe("Who the bot is and how it answers. Sent with a conversation's first request."),
    answer: z
      .strictObject({
        dm: z.boolean().default(true).describe("Answer direct messages."),
        channels: mode.default("mentions"),
      })
      .prefault({})
      .describe("Where the bot answers, unless `channels` says otherwise."),
    notify_after_seconds: notifyAfter
      .default(60)
      .describe(
        "Whoever waited longer for a whole answer is mentioned in a short message under it, which links to it, since edits mark nothing as unread. 0: never.",
      ),
    replies: z
      .strictObject({
        code_as_file_after_pages: z
          .int()
          .min(0)
          .max(50)
          .default(3)
          .describe(
            "A code block that takes more messages than this is posted as a file, below its first lines. 0: never. On Slack it needs the scope files:write, on Discord the permission to attach files.",
          ),
      })
      .prefault({})
      .describe("How answers are shown."),
    catch_up: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe("Read and answer what was posted while the bot was away, up to a week."),
        answer_within_minutes: z
          .int()
          .min(1)
          .max(MOST_MINUTES)
          .default(15)
          .describe(
            "A message that is older when it comes is not answered unasked: the bot says that it was away, with a button to have it answered.",
          ),
      })
      .prefault({})
      .describe("What becomes of messages that were posted while the bot was away."),
    channels: z
      .record(z.string().regex(/^[A-Z0-9]+$/, "is not a channel id: copy the id, not the name"), override)
      .default({})
      .describe("Overrides by channel id (Slack C0123ABCD, Discord 123456789012345678)."),
    admin: adminSchema,
    slack: z
      .strictObject({
        dm: z
          .enum(["threads", "one"])
          .default("threads")
          .describe(
            "threads: each thread of a direct message is a conversation of its own. one: the whole direct message is one.",
          ),
        streaming: z
          .enum(["auto", "native", "edit"])
          .default("auto")
          .describe(
            "How answers grow. auto: by Slack's streams in direct messages, by edits in channels as long as there are enough of them. native: by streams in channels too. edit: by edits.",
          ),
        prompts: z
          .array(
            z.strictObject({
              title: z.string().trim().min(1).max(75).describe("What is shown."),
              message: z.string().trim().min(1).max(2_000).describe("What is sent."),
            }),
          )
          .max(4)
          .default([
            { title: "What can you do?", message: "What can you help me with?" },
            { title: "Explain something", message: "Explain something to me: ask me what." },
          ])
          .describe(
            "Questions that Slack suggests when somebody opens the bot's direct messages (at most 4, Slack's limit).",
          ),
      })
      .prefault({}),
    discord: z
      .strictObject({
        reply: z
          .enum(["channel", "thread"])
          .default("channel")
          .describe("channel: answer in the channel. thread: open a thread for each question."),
      })
      .prefault({}),
  })
  .describe(
    "patchcord.yaml: how the bot behaves. Secrets do not belong here; they come from the environment.",
  );

export type FileConfig = z.output<typeof fileSchema>;

/** The published JSON schema of `patchcord.yaml`, for editors. */
export function fileJsonSchema(): Record<string, unknown> {
  return {
    $id: "patchcord.schema.json",
    title: "patchcord.yaml",
    ...z.toJSONSchema(fileSchema, { io: "input" }),
  };
}
