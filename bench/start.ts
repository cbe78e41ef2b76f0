import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDiscordTwin } from "../src/sandbox/discord/twin.ts";
import { startSlackTwin } from "../src/sandbox/slack/twin.ts";
import { startTelnyxTwin } from "../src/sandbox/telnyx/twin.ts";

export interface Start {
  readonly runs: number;
  readonly medianMs: number;
  readonly bareNodeMs: number;
}

/** From the command to the log line that says ready, with both platforms and a new database; beside a Node that does nothing. */
export async function start(runs: number): Promise<Start> {
  const ready: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    ready.push(await startOnce());
    bare.push(await timeOf(process.execPath, ["-e", "0"], {}, undefined));
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
  return { runs, medianMs: median(ready), bareNodeMs: median(bare) };
}

async function startOnce(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "patchcord-bench-"));
  const [slack, discord, telnyx] = await Promise.all([
    startSlackTwin(),
    startDiscordTwin(),
    startTelnyxTwin(),
  ]);
  const env = {
    TELNYX_API_KEY: telnyx.apiKey,
    TELNYX_BASE_URL: telnyx.url,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DATABASE_URL: join(folder, "bench.db"),
    PORT: "0",
  };
  try {
    return await timeOf(process.execPath, ["bin/patchcord.js", "start"], env, "patchcord is ready");
  } finally {
    await Promise.all([slack.close(), discord.close(), telnyx.close()]);
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds until the command's output has `sign` (then it is killed), or until it ends. */
function timeOf(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  sign: string | undefined,
): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { PATH: process.env["PATH"], ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += String(chunk);
      if (sign === undefined || !out.includes(sign)) return;
      resolve(performance.now() - began);
      child.kill("SIGKILL");
    });
    child.once("exit", (code) =>
      sign === undefined
        ? resolve(performance.now() - began)
        : reject(new Error(`ended with ${code}: ${out}`)),
    );
  });
}
