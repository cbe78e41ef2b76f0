import { createHmac } from "node:crypto";

/** The two headers that prove a request is Slack's (docs.slack.dev, Verifying requests from Slack). `seconds` since the epoch. */
export function signatureHeaders(secret: string, body: string, seconds: number): Record<string, string> {
  const digest = createHmac("sha256", secret).update(`v0:${seconds}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": String(seconds), "x-slack-signature": `v0=${digest}` };
}
