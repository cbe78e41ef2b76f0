import { expect, test } from "vitest";
import { openSignIns } from "../../src/app/sign-in.ts";
import { systemClock } from "../../src/clock.ts";
import { parseConfig } from "../../src/config.ts";
import { secretsOf } from "../../src/config/environment.ts";
import { createLog } from "../../src/log.ts";

const BOTH = {
  TELNYX_API_KEY: "key",
  SLACK_BOT_TOKEN: "xoxb-1",
  SLACK_APP_TOKEN: "xapp-1",
  DISCORD_TOKEN: "MTIz.token.secret",
};

function labelsWith(variables: Readonly<Record<string, string>>): readonly string[] {
  const over = new AbortController();
  const deps = { clock: systemClock, log: createLog("silent"), signal: over.signal };
  const labels = openSignIns(parseConfig({ ...BOTH, ...variables }), deps).map(({ label }) => label);
  over.abort();
  return labels;
}

test("people can sign in by each platform that has a client secret", () => {
  const slack = { SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "slack-secret" };
  const discord = { DISCORD_CLIENT_SECRET: "discord-secret" };
  expect(labelsWith({})).toEqual([]);
  expect(labelsWith(slack)).toEqual(["Sign in with Slack"]);
  expect(labelsWith({ ...slack, ...discord })).toEqual(["Sign in with Slack", "Sign in with Discord"]);
  expect(secretsOf({ ...slack, ...discord })).toEqual(["slack-secret", "discord-secret"]);
});

test("half of Slack's pair is a problem, told without its value", () => {
  expect(() => labelsWith({ SLACK_CLIENT_SECRET: "half" })).toThrow(
    /SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong/u,
  );
  expect(() => labelsWith({ SLACK_CLIENT_SECRET: "half" })).not.toThrow(/half/u);
});
