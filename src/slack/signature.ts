import { createHmac, timingSafeEqual } from "node:crypto";

/** docs.slack.dev, Verifying requests from Slack: older requests may be replays. Later ones are nobody's either. */
const WINDOW_S = 5 * 60;

export interface SignedRequest {
  readonly body: Buffer;
  readonly signature: string | null;
  /** Seconds since the epoch. */
  readonly timestamp: string | null;
}

/** Whether Slack sent these very bytes lately (docs.slack.dev, Verifying requests from Slack). `now`: milliseconds since the epoch. */
export function isFromSlack(request: SignedRequest, signingSecret: string, now: number): boolean {
  const { body, signature, timestamp } = request;
  // Anybody can sign with no secret.
  if (signingSecret === "") return false;
  if (signature === null || timestamp === null || !/^\d{1,12}$/u.test(timestamp)) return false;
  if (Math.abs(now / 1000 - Number(timestamp)) > WINDOW_S) return false;
  const digest = createHmac("sha256", signingSecret).update(`v0:${timestamp}:`).update(body).digest("hex");
  const expected = Buffer.from(`v0=${digest}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
