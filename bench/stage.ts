import { type ChildProcess, fork } from "node:child_process";
import { startSlackTwin } from "../src/sandbox/slack/twin.ts";
import type { SlackTwin } from "../src/sandbox/slack/contract.ts";
import { startTelnyxTwin, type TelnyxTwin } from "../src/sandbox/telnyx/twin.ts";
import type { Used } from "./child.ts";

/** The twins in this process, the bridge in another: so that what is measured is the bridge alone. */
export interface Stage {
  readonly slack: SlackTwin;
  readonly telnyx: TelnyxTwin;
  readonly person: string;
  readonly used: () => Promise<Used>;
  readonly close: () => Promise<void>;
}

/** Platform limits are off at the twins; the bridge keeps to its budgets all the same. `env` is added to the child's. */
export async function openStage(env: Record<string, string> = {}): Promise<Stage> {
  const slack = await startSlackTwin({ limits: "off", keep: 1_000 });
  const telnyx = await startTelnyxTwin({ keep: { requests: 100, bodyBytes: 1_000 } });
  const child = spawnChild({
    TELNYX_API_KEY: telnyx.apiKey,
    TELNYX_BASE_URL: telnyx.url,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    DATABASE_URL: ":memory:",
    PORT: "0",
    ...env,
  });
  await told(child, "ready");
  return {
    slack,
    telnyx,
    person: slack.addUser({ name: "ada" }),
    used: () => usedBy(child),
    close: async () => {
      child.kill("SIGKILL");
      await Promise.all([slack.close(), telnyx.close()]);
    },
  };
}

export function spawnChild(env: Record<string, string>): ChildProcess {
  return fork(new URL("./child.ts", import.meta.url), [], {
    execArgv: ["--expose-gc"],
    env: { PATH: process.env["PATH"], ...env },
  });
}

export async function usedBy(child: ChildProcess): Promise<Used> {
  const answer = told(child, "used");
  child.send({ kind: "used" });
  return ((await answer) as { used: Used }).used;
}

/** The child's next message of that kind. */
export function told(child: ChildProcess, kind: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const listen = (message: { kind: string }) => {
      if (message.kind !== kind) return;
      child.off("message", listen);
      resolve(message);
    };
    child.on("message", listen);
    child.once("exit", () => reject(new Error("the measured process ended")));
  });
}

export async function until(what: string, condition: () => boolean, withinMs = 120_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
