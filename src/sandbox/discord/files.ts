import { createHmac } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { TwinRequest } from "../server.ts";
import type { Attachment, World } from "./world.ts";

/** Not documented; the addresses' `ex` is commonly a day ahead. */
const VALID_MS = 86_400_000;

export interface Files {
  /** The signed address of a file, good for a day from now (Discord, API Reference, Signed Attachment CDN URLs). */
  readonly url: (channelId: string, file: Attachment) => string;
  /** Answers a request for a file. Needs no token, as the CDN needs none. */
  readonly serve: (request: TwinRequest, response: ServerResponse) => void;
}

export function createFiles(world: World, baseUrl: () => string, key: string): Files {
  const sign = (path: string, expires: string): string =>
    createHmac("sha256", key).update(`${path} ${expires}`).digest("hex");

  return {
    url: (channelId, file) => {
      const path = `/attachments/${channelId}/${file.id}/${encodeURIComponent(file.name)}`;
      const issued = Math.floor(world.now() / 1000);
      const expires = (issued + VALID_MS / 1000).toString(16);
      return `${baseUrl()}${path}?ex=${expires}&is=${issued.toString(16)}&hm=${sign(path, expires)}&`;
    },
    serve: (request, response) => {
      const [, , channelId = "", fileId] = request.path.split("/");
      const expires = request.query.get("ex") ?? "";
      const valid =
        request.query.get("hm") === sign(request.path, expires) && parseInt(expires, 16) * 1000 > world.now();
      const file = [...(world.channels.get(channelId)?.messages.values() ?? [])]
        .flatMap(({ attachments }) => attachments)
        .find(({ id }) => id === fileId);
      if (!valid || !file) response.writeHead(404).end("This content is no longer available.");
      else response.writeHead(200, { "content-type": file.type }).end(file.bytes);
    },
  };
}
