/* What a request to post or edit a message may say. */
import { createForm, lengthOf, type Form } from "../form.ts";
import type { AllowedMentions } from "../mentions.ts";
import type { Json } from "../json/people.ts";
import { Refusal } from "../refusal.ts";
import { MESSAGE_FLAG, type Button, type Embed } from "../world.ts";
import type { Body, File } from "./call.ts";
import { componentsOf } from "./components.ts";

/** Discord, Create Message, and Embed Limits; files: API Reference, Uploading Files. */
const LIMITS = {
  content: 2000,
  nonce: 25,
  embeds: 10,
  embedTitle: 256,
  embedDescription: 4096,
  embedTotal: 6000,
  mentions: 100,
  fileBytes: 10 * 1024 * 1024,
  requestBytes: 25 * 1024 * 1024,
};

/** What posts and edits have in common. Absent: not said. */
export interface MessageForm {
  readonly content: string | undefined;
  readonly embeds: readonly Embed[] | undefined;
  readonly allowed: AllowedMentions | undefined;
  readonly components: readonly (readonly Button[])[] | undefined;
  readonly flags: number | undefined;
  /** The ids of the files to keep, when the request names them. */
  readonly kept: readonly string[] | undefined;
  readonly files: readonly File[];
}

export interface PostForm extends MessageForm {
  readonly nonce: string | number | undefined;
  readonly enforceNonce: boolean;
  readonly reference: ReferenceForm | undefined;
}

export interface ReferenceForm {
  readonly messageId: string;
  readonly channelId: string | undefined;
  readonly mustExist: boolean;
}

/** What the twin does not play is refused loudly, instead of being lost. */
const NOT_PLAYED = ["sticker_ids", "poll", "shared_client_theme"];

export function postForm(body: Body): PostForm {
  const form = createForm();
  const common = messageForm(form, body);
  const nonce = nonceOf(form, body.json);
  const enforceNonce = form.flag(body.json, "enforce_nonce") ?? false;
  const reference = referenceOf(form, body.json);
  form.settle();
  return { ...common, nonce, enforceNonce, reference };
}

export function editForm(body: Body): MessageForm {
  const form = createForm();
  const common = messageForm(form, body);
  form.settle();
  // All fields of an edit can be null (Discord, Edit Message): null content empties it.
  return body.json["content"] === null ? { ...common, content: "" } : common;
}

function messageForm(form: Form, { json, files }: Body): MessageForm {
  for (const field of NOT_PLAYED)
    if (Array.isArray(json[field]) ? json[field].length > 0 : json[field])
      throw new Error(`The Discord twin does not play a message's ${field}.`);
  const total = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if (total > LIMITS.requestBytes || files.some((file) => file.bytes.length > LIMITS.fileBytes))
    throw new Refusal(40005);
  const raw = json["content"];
  const trimmed = typeof raw === "string" ? { content: raw.trim() } : { content: raw };
  const attachments = json["attachments"] as readonly Json[] | null | undefined;
  return {
    content: form.text(trimmed, "content", { max: LIMITS.content }),
    embeds: embedsOf(form, json),
    allowed: allowedOf(form, json),
    components: componentsOf(form, json),
    flags: settableFlags(form.integer(json, "flags", { min: 0 })),
    kept: attachments?.map((file) => String(file["id"])),
    files,
  };
}

/** Other flags are ignored without error (Discord, Edit Message). */
function settableFlags(flags: number | undefined): number | undefined {
  if (flags === undefined) return undefined;
  return flags & (MESSAGE_FLAG.suppressEmbeds | MESSAGE_FLAG.suppressNotifications);
}

function nonceOf(form: Form, json: Json): string | number | undefined {
  const nonce = json["nonce"] ?? undefined;
  if (nonce === undefined || typeof nonce === "number") return nonce;
  return form.text(json, "nonce", { max: LIMITS.nonce });
}

function referenceOf(form: Form, json: Json): ReferenceForm | undefined {
  const reference = json["message_reference"] as Json | null | undefined;
  if (!reference) return undefined;
  if (reference["type"] === 1) throw new Error("The Discord twin does not play a bot's forwards.");
  const fields = form.within("message_reference");
  const messageId = fields.snowflake(reference, "message_id", true);
  const channelId = fields.snowflake(reference, "channel_id");
  const mustExist = fields.flag(reference, "fail_if_not_exists") ?? true;
  return messageId === undefined ? undefined : { messageId, channelId, mustExist };
}

/** `parse` of a kind and ids of that kind exclude each other, and there are at most 100 ids (Discord, Allowed Mentions Object). */
function allowedOf(form: Form, json: Json): AllowedMentions | undefined {
  const allowed = json["allowed_mentions"] as Json | null | undefined;
  if (!allowed) return undefined;
  const list = (kind: string): string[] | undefined =>
    (allowed[kind] as string[] | null | undefined) ?? undefined;
  const kinds = ["users", "roles", "everyone"];
  const parse = list("parse");
  parse?.forEach((kind, index) => {
    if (!kinds.includes(kind))
      form.fail(
        `allowed_mentions.parse.${index}`,
        "BASE_TYPE_CHOICES",
        `Value must be one of ('${kinds.join("', '")}').`,
      );
  });
  for (const kind of ["users", "roles"] as const) {
    const ids = list(kind) ?? [];
    if (ids.length > LIMITS.mentions)
      form.fail(
        `allowed_mentions.${kind}`,
        "BASE_TYPE_MAX_LENGTH",
        `Must be ${LIMITS.mentions} or fewer in length.`,
      );
    if (ids.length > 0 && parse?.includes(kind))
      form.fail(
        "allowed_mentions",
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      );
  }
  const [users, roles] = [list("users"), list("roles")];
  return {
    ...(parse ? { parse } : {}),
    ...(users ? { users } : {}),
    ...(roles ? { roles } : {}),
    ...(allowed["replied_user"] === true ? { replied_user: true } : {}),
  };
}

function embedsOf(form: Form, json: Json): Embed[] | undefined {
  const embeds = json["embeds"] as readonly Json[] | null | undefined;
  if (!embeds) return undefined;
  if (embeds.length > LIMITS.embeds)
    form.fail("embeds", "BASE_TYPE_MAX_LENGTH", `Must be ${LIMITS.embeds} or fewer in length.`);
  let total = 0;
  embeds.forEach((embed, index) => {
    const inner = { title: LIMITS.embedTitle, description: LIMITS.embedDescription };
    for (const [field, max] of Object.entries(inner)) {
      const text = embed[field];
      const length = typeof text === "string" ? lengthOf(text) : 0;
      total += length;
      if (length > max)
        form.fail(`embeds.${index}.${field}`, "BASE_TYPE_MAX_LENGTH", `Must be ${max} or fewer in length.`);
    }
  });
  if (total > LIMITS.embedTotal)
    form.fail("embeds", "MAX_EMBED_SIZE_EXCEEDED", `Embed size exceeds maximum size of ${LIMITS.embedTotal}`);
  return embeds.map((embed) => ({ ...embed, type: "rich" }));
}
