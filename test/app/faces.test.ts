import { expect, test } from "vitest";
import { faceWarnings } from "../../src/app/faces.ts";
import { parseConfig } from "../../src/config.ts";

const warningsWith = (variables: Readonly<Record<string, string>>) =>
  faceWarnings(parseConfig({ TELNYX_API_KEY: "key", DISCORD_TOKEN: "MTIz.token.secret", ...variables }));

const ADMIN_TOKEN = "0123456789abcdef0123456789abcdef";

test("a console that other machines reach without https is warned of", () => {
  for (const HOST of ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
    expect(warningsWith({ HOST, ADMIN_TOKEN })).toEqual([]);
  expect(warningsWith({ HOST: "0.0.0.0" })).toEqual([]);
  for (const HOST of ["0.0.0.0", "::", "192.168.1.7", "127.example.com"])
    expect(warningsWith({ HOST, ADMIN_TOKEN }), HOST).toEqual([
      expect.stringMatching(/not by https.*PUBLIC_URL/),
    ]);
  const PUBLIC_URL = "http://bot.example.com";
  expect(warningsWith({ HOST: "0.0.0.0", PUBLIC_URL })).toHaveLength(1);
  expect(warningsWith({ HOST: "0.0.0.0", ADMIN_TOKEN, PUBLIC_URL: "https://bot.example.com" })).toEqual([]);
});

test("signing in with Slack is warned of where it has no https address to come back to", () => {
  const slack = {
    SLACK_BOT_TOKEN: "xoxb-1",
    SLACK_APP_TOKEN: "xapp-1",
    SLACK_CLIENT_ID: "1.2",
    SLACK_CLIENT_SECRET: "s",
  };
  expect(warningsWith(slack)).toEqual([expect.stringMatching(/sign in with Slack.*PUBLIC_URL/)]);
  expect(warningsWith({ ...slack, SLACK_API_URL: "http://127.0.0.1:1/api/" })).toEqual([]);
  expect(warningsWith({ ...slack, PUBLIC_URL: "https://bot.example.com" })).toEqual([]);
});
