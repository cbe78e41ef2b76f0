import type { InternalRequest } from "discord.js";
import type { Page } from "../chat/platform.ts";
import { PlatformRefusal } from "../errors.ts";
import { CODE } from "./refusal.ts";

const TEXT = "text/plain; charset=utf-8";

/**
 * The request, with the page's file if it has one: then what it says is the form's `payload_json` (docs.discord.com, API Reference,
 * Uploading Files). Encoded here, because discord.js hands its own form to whichever undici has the process, and a newer one
 * takes no form that it did not make.
 */
export async function withFile(request: InternalRequest, { file }: Page): Promise<InternalRequest> {
  if (!file) return request;
  const form = new FormData();
  form.append("files[0]", new Blob([file.text.toWellFormed()], { type: TEXT }), file.name);
  form.append("payload_json", JSON.stringify(request.body));
  const encoded = new Response(form);
  return {
    ...request,
    passThroughBody: true,
    headers: { "content-type": encoded.headers.get("content-type") ?? "" },
    body: new Uint8Array(await encoded.arrayBuffer()),
  };
}

/** For whoever may post, but attach no files: text can be posted still. */
export const asFileRefusal =
  ({ file }: Page) =>
  (error: unknown): never => {
    if (file && error instanceof PlatformRefusal && error.code === CODE.missingPermissions)
      throw new PlatformRefusal("rejected", error.code, error.message, { cause: error });
    throw error;
  };
