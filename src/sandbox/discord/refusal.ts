import type { Json } from "./json/people.ts";

/** The JSON error codes that the twin answers, with their status and text (Discord, Opcodes and Status Codes, JSON Error Codes). */
const REFUSALS = {
  0: [404, "404: Not Found"],
  10003: [404, "Unknown Channel"],
  10004: [404, "Unknown Guild"],
  10007: [404, "Unknown Member"],
  10008: [404, "Unknown Message"],
  10013: [404, "Unknown User"],
  10014: [400, "Unknown Emoji"],
  10015: [404, "Unknown Webhook"],
  10062: [404, "Unknown interaction"],
  20012: [403, "You are not authorized to perform this action on this application"],
  30010: [400, "Maximum number of reactions reached (20)"],
  40005: [413, "Request entity too large"],
  40060: [400, "Interaction has already been acknowledged."],
  40333: [403, "internal network error"],
  50001: [403, "Missing Access"],
  50003: [403, "Cannot execute action on a DM channel"],
  50005: [403, "Cannot edit a message authored by another user"],
  50006: [400, "Cannot send an empty message"],
  50007: [403, "Cannot send messages to this user"],
  50008: [400, "Cannot send messages in a non-text channel"],
  50013: [403, "Missing Permissions"],
  50021: [403, "Cannot execute action on a system message"],
  50024: [400, "Cannot execute action on this channel type"],
  50027: [401, "Invalid Webhook Token"],
  50033: [400, "Invalid Recipient(s)"],
  50035: [400, "Invalid Form Body"],
  50041: [400, "Invalid API version"],
  50068: [400, "Invalid message type"],
  50083: [400, "Thread is archived"],
  50109: [400, "The request body contains invalid JSON."],
  50278: [403, "Cannot send messages to this user due to having no mutual guilds"],
  160002: [400, "Cannot reply without permission to read message history"],
  160004: [400, "A thread has already been created for this message"],
  160005: [403, "Thread is locked"],
  160006: [400, "Maximum number of active threads reached"],
} as const satisfies Record<number, readonly [status: number, message: string]>;

export type RefusalCode = keyof typeof REFUSALS;

/** The twin's "no" to a request, as Discord words it. Thrown by handlers, answered by the router. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Json;

  constructor(code: RefusalCode, errors?: Json) {
    const [status, message] = REFUSALS[code];
    super(`${code} ${message}`);
    this.status = status;
    this.body = { message, code, ...(errors ? { errors } : {}) };
  }
}
