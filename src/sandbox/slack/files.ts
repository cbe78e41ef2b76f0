import type { ServerResponse } from "node:http";
import type { TwinRequest } from "../server.ts";
import type { SlackBlock, SlackFileOptions } from "./types.ts";
import type { Uploads } from "./web/method.ts";
import type { World } from "./world.ts";

export interface Files extends Uploads {
  /** Takes a file's bytes. They come once, and are as many as was said. */
  readonly receive: (request: TwinRequest, response: ServerResponse) => void;
  /** A file that is complete. */
  readonly file: (id: string) => { readonly name: string; readonly bytes: Buffer } | undefined;
}

interface Upload {
  readonly name: string;
  readonly length: number;
  readonly ticket: string;
  bytes?: Buffer;
  completed: boolean;
}

/** What the app uploads: an address, then the bytes, then the word that it is whole (docs.slack.dev, files.getUploadURLExternal). */
export function createFiles(world: World, url: () => string): Files {
  const uploads = new Map<string, Upload>();
  return {
    open: (name, length) => {
      const id = world.newId("F");
      const ticket = world.newId("CwABAAAA");
      uploads.set(id, { name, length, ticket, completed: false });
      return { id, url: `${url()}/upload/v1/${ticket}` };
    },
    receive: ({ path, method, body }, response) => {
      const upload = [...uploads.values()].find(({ ticket }) => path === `/upload/v1/${ticket}`);
      const isTaken = method === "POST" && upload && !upload.bytes && body.length === upload.length;
      if (isTaken) upload.bytes = body;
      response.writeHead(isTaken ? 200 : 400).end(isTaken ? `OK - ${body.length}` : "invalid upload");
    },
    complete: (id) => {
      const upload = uploads.get(id);
      if (!upload?.bytes || upload.completed) return undefined;
      upload.completed = true;
      return { name: upload.name, bytes: upload.bytes };
    },
    file: (id) => {
      const { name, bytes, completed } = uploads.get(id) ?? {};
      return completed && name !== undefined && bytes ? { name, bytes } : undefined;
    },
  };
}

/** A file as Slack's messages carry it. */
export function fileJson(
  world: World,
  user: string,
  file: SlackFileOptions,
  id = world.newId("F"),
): SlackBlock {
  const extension = file.name.split(".").at(-1) ?? "";
  const at = Math.floor(world.clock.now() / 1000);
  const base = `https://files.slack.com/files-pri/${world.team.id}-${id}`;
  return {
    id,
    created: at,
    timestamp: at,
    name: file.name,
    title: file.name,
    mimetype: file.mimetype,
    filetype: extension,
    pretty_type: extension.toUpperCase(),
    user,
    editable: false,
    size: file.size,
    mode: "hosted",
    is_external: false,
    external_type: "",
    is_public: true,
    public_url_shared: false,
    display_as_bot: false,
    username: "",
    url_private: `${base}/${file.name}`,
    url_private_download: `${base}/download/${file.name}`,
    permalink: `https://${world.team.id.toLowerCase()}.slack.com/files/${user}/${id}/${file.name}`,
    has_rich_preview: false,
    file_access: "visible",
  };
}
