import { listener } from "../fakes/listener.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import type { Platform } from "../../src/chat/platform.ts";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import { onMethod, slackError } from "../../src/sandbox/slack/faults.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import type { SlackConfig } from "../../src/slack/config.ts";
import { final } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { slackOn } from "./harness.ts";

let twin: SlackTwin;
const running: Platform[] = [];
beforeEach(async () => {
  twin = await startSlackTwin();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((slack) => slack.stop()));
  await twin.close();
});

async function connect(
  config: Partial<SlackConfig> = {},
  receive: (message: Message) => Promise<void> = async () => {},
): Promise<Platform> {
  const slack = slackOn(twin, config);
  running.push(slack);
  await slack.start(listener(receive));
  return slack;
}

describe("the start", () => {
  test("says which variable is wrong", async () => {
    await expect(connect({ botToken: "xoxb-no" })).rejects.toThrow(/SLACK_BOT_TOKEN.*invalid_auth/);
    const transport = { kind: "socket", appToken: "xapp-no" } as const;
    await expect(connect({ transport })).rejects.toThrow(/SLACK_APP_TOKEN.*invalid_auth/);
    await expect(connect({ apiUrl: "http://127.0.0.1:1/" })).rejects.toThrow(/cannot be reached/);
  });

  test("tells what a missing scope costs", async () => {
    await twin.close();
    twin = await startSlackTwin({ scopes: ["chat:write", "im:history", "im:read"] });
    const answers = { dms: true, channels: false };
    const slack = await connect({ answers, dm: "one" });
    expect(slack.warnings).toEqual([
      "Slack: the app lacks the scope users:read, so the model knows people by their ids alone; add it under OAuth & Permissions and reinstall the app.",
      "Slack: the app lacks the scope commands, so there is no command /patchcord; add it under OAuth & Permissions and reinstall the app.",
    ]);
  });

  test("warns of nothing when everything is granted, and refuses use before it", async () => {
    const slack = slackOn(twin);
    await expect(async () => slack.edit("slack:T1:C1" as never, "1" as never, final("x"))).rejects.toThrow(
      /before it was started/,
    );
    await slack.stop();
    expect((await connect()).warnings).toEqual([]);
  });

  test("survives a refusal of every name", async () => {
    twin.inject({ matches: onMethod("users.info"), times: 9, effect: slackError("missing_scope") });
    const received: Message[] = [];
    await connect({}, async (message) => void received.push(message));
    const ada = twin.addUser({ name: "ada" });
    twin.say({ channel: twin.openDm(ada), user: ada, text: "hello" });
    await until("it was received", () => received.length > 0);
    expect(received[0]?.author.name).toBe(ada);
  });
});
