import type { ServerResponse } from "node:http";
import { sendJson, type TwinRequest } from "../server.ts";
import { piecesOf } from "./message.ts";
import type { SlackBlock } from "./types.ts";
import { readContent } from "./web/content.ts";
import { SlackRefusal } from "./web/method.ts";
import type { World } from "./world.ts";

/** Where what a person did can be answered. */
export interface ResponseUrls {
  /** A new address, to answer this person there. `onMessage`: what was done was done to a message, which an answer may replace. */
  readonly open: (to: { channel: string; user: string; onMessage: boolean }) => string;
  /** Answers a request to one of them. */
  readonly respond: (request: TwinRequest, response: ServerResponse) => void;
}

/** docs.slack.dev, Handling user interaction: a response_url is good for five answers within thirty minutes. */
const ANSWERS = 5;
const ANSWERED_WITHIN_MS = 30 * 60_000;

interface Addressee {
  readonly channel: string;
  readonly user: string;
  readonly onMessage: boolean;
  readonly until: number;
  left: number;
}

export function createResponseUrls({ world, url }: { world: World; url: () => string }): ResponseUrls {
  const addressees = new Map<string, Addressee>();
  return {
    open: (to) => {
      const token = world.newId("response");
      addressees.set(token, { ...to, until: world.clock.now() + ANSWERED_WITHIN_MS, left: ANSWERS });
      return `${url()}/actions/${world.team.id}/${token}`;
    },
    respond: (request, response) => {
      const addressee = addressees.get(request.path.split("/").at(-1) ?? "");
      if (!addressee) return sendJson(response, 404, { ok: false, error: "invalid_url" });
      if (addressee.until < world.clock.now() || addressee.left === 0)
        return sendJson(response, 404, {
          ok: false,
          error: addressee.left === 0 ? "used_url" : "expired_url",
        });
      try {
        whisper(world, addressee, JSON.parse(request.body.toString()) as SlackBlock);
        sendJson(response, 200, { ok: true });
      } catch (error) {
        if (!(error instanceof SlackRefusal)) throw error;
        sendJson(response, 400, { ok: false, error: error.code });
      }
    },
  };
}

function whisper(world: World, to: Addressee, said: SlackBlock): void {
  const { response_type, replace_original } = said;
  // What the twin does not play is refused loudly, instead of being lost.
  if (response_type === "in_channel" || (to.onMessage && replace_original !== false))
    throw new Error("The Slack twin takes only ephemeral answers at a response_url.");
  const { text = "", blocks = [] } = readContent(said, "post");
  to.left -= 1;
  const { channel, user } = to;
  world.emit({ kind: "ephemeral", channel, user, text, shown: piecesOf({ text, blocks, isBot: true }) });
}
