import type { MessageId, Place } from "../chat/place.ts";
import { PatchcordError } from "../errors.ts";

/** A thread, or a direct message as a whole. */
export interface SlackPlace {
  readonly team: string;
  readonly channel: string;
  /** The ts of the message that the thread hangs on. Absent: the channel itself. */
  readonly threadTs?: string;
}

const PLACE = /^slack:([A-Z0-9]+):([A-Z0-9]+)(?::(\d+\.\d+))?$/;

/** `slack:T1:C1:1700000000.000100`, or `slack:T1:D1`. Stored: a change of this form is a migration. */
export function encodePlace({ team, channel, threadTs }: SlackPlace): Place {
  return ["slack", team, channel, ...(threadTs === undefined ? [] : [threadTs])].join(":") as Place;
}

/** Throws `slack_bad_place` for a string that `encodePlace` did not make. */
export function decodePlace(place: Place): SlackPlace {
  const [, team, channel, threadTs] = PLACE.exec(place) ?? [];
  if (team === undefined || channel === undefined)
    throw new PatchcordError("slack_bad_place", `not a place of Slack: ${place}`);
  return { team, channel, ...(threadTs === undefined ? {} : { threadTs }) };
}

/** Names a post for ever, whatever event or answer it came with. */
export function messageKey(team: string, channel: string, ts: string): string {
  return `slack:${team}:${channel}:${ts}`;
}

export function isId(value: string): boolean {
  return /^[A-Z0-9]+$/.test(value);
}

export function isTs(value: string): boolean {
  return /^\d{1,12}\.\d{1,12}$/.test(value);
}

/** A ts is the message's id within its channel. */
export function messageId(ts: string): MessageId {
  return ts as MessageId;
}

/** Milliseconds since the epoch. */
export function sentAt(ts: string): number {
  const [seconds = "0", rest = ""] = ts.split(".");
  return Number(seconds) * 1000 + Number(rest.slice(0, 3).padEnd(3, "0"));
}

/** The first ts at that time: `ms` since the epoch. */
export function tsAt(ms: number): string {
  const whole = Math.max(0, Math.ceil(ms));
  return `${Math.floor(whole / 1000)}.${String(whole % 1000).padStart(3, "0")}000`;
}

/** The last ts before that time. */
export function tsBefore(ms: number): string {
  return tsAt(Math.ceil(ms) - 1).replace(/000$/u, "999");
}

/** The last ts before that one. */
export function tsJustBefore(ts: string): string {
  const [seconds = "0", rest = "0"] = ts.split(".");
  const micros = BigInt(seconds) * 1_000_000n + BigInt(rest.slice(0, 6).padEnd(6, "0")) - 1n;
  return `${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, "0")}`;
}

/** Orders ts values by time. Below zero: `a` is earlier. The seconds may differ in length, so the order of texts will not do. */
export function compareTs(a: string, b: string): number {
  const [aSeconds = "0", aRest = "0"] = a.split(".");
  const [bSeconds = "0", bRest = "0"] = b.split(".");
  return Number(aSeconds) - Number(bSeconds) || Number(aRest) - Number(bRest);
}
