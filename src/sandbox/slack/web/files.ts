import { setTimeout as sleep } from "node:timers/promises";
import { defined } from "../defined.ts";
import { fileJson } from "../files.ts";
import { post } from "../posting.ts";
import type { SlackBlock } from "../types.ts";
import { isIn, SlackRefusal, textArg, type Call, type Method } from "./method.ts";
import { look, threadOf, writable } from "./chat.ts";
import { listArg } from "./content.ts";

const WRITE = { token: "bot", scopes: ["files:write"], limit: "tier4", json: true } as const;

/** files.*: how the app shares files. */
export const fileMethods: Readonly<Record<string, Method>> = {
  "files.getUploadURLExternal": { ...WRITE, json: false, required: ["filename", "length"], run: open },
  "files.completeUploadExternal": { ...WRITE, required: ["files"], run: complete },
};

/** docs.slack.dev, Working with files: a gigabyte. */
const MOST_BYTES = 1_000_000_000;
/** The message comes some time after the answer (slackapi/node-slack-sdk#1865). */
const SHARED_AFTER_MS = 60;

function open({ args, files }: Call): SlackBlock {
  const length = Number(args["length"]);
  if (!Number.isInteger(length) || length <= 0 || length > MOST_BYTES)
    throw new SlackRefusal("invalid_arguments");
  const { id, url } = files.open(textArg(args, "filename") ?? "", length);
  return { upload_url: url, file_id: id };
}

/** Each file once: a second time there is no such upload. */
function complete(call: Call): SlackBlock {
  const { args, world } = call;
  const wanted = (listArg(args, "files", "invalid_arguments") ?? []).map(({ id, title }) => ({
    id: String(id),
    title: typeof title === "string" ? title : undefined,
  }));
  const target = textArg(args, "channel_id") === undefined ? undefined : targetOf(call);
  const files = wanted.map(({ id, title }): SlackBlock => {
    const file = call.files.complete(id);
    if (!file) throw new SlackRefusal("file_not_found");
    const about = { name: file.name, mimetype: "text/plain", size: file.bytes.length };
    return { ...fileJson(world, world.bot.userId, about, id), title: title ?? file.name };
  });
  if (target) void shareLater(call, target, files);
  return { files: files.map((file) => ({ id: file["id"], title: file["title"] })) };
}

interface Target {
  readonly channel: string;
  readonly threadTs: string | undefined;
}

function targetOf(call: Call): Target {
  const { channel_id: channel } = call.args;
  const found = writable({ ...call, args: { ...call.args, channel } });
  if (!isIn(call, found)) throw new SlackRefusal("not_in_channel");
  return { channel: found.id, threadTs: threadOf(call, found) };
}

async function shareLater(call: Call, { channel, threadTs }: Target, files: readonly SlackBlock[]) {
  await sleep(SHARED_AFTER_MS, undefined, { ref: false });
  const { world, args } = call;
  if (threadTs !== undefined) call.statuses.set(channel, threadTs, "");
  const message = post(world, {
    channel,
    ...defined({ threadTs }),
    subtype: "file_share",
    user: world.bot.userId,
    botId: world.bot.botId,
    text: textArg(args, "initial_comment") ?? "",
    files,
  });
  // An initial comment is mrkdwn, and reads bare names as well.
  look(call, message, "full");
}
