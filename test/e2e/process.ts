import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { eventually } from "../eventually.ts";

/** The real command as a process of its own. */
export interface Command {
  readonly child: ChildProcess;
  /** Everything that it has written so far, to standard output and standard error. */
  readonly out: () => string;
  readonly err: () => string;
  /** Its log lines with this message. */
  readonly logged: (message: string) => readonly string[];
  /** Resolves with the exit code when the process has ended by itself. Kills it, and rejects, when it does not. */
  readonly ended: (withinMs?: number) => Promise<number | null>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Runs `patchcord start` in `folder`, with these variables and no others of ours. */
export function startCommand(folder: string, env: Readonly<Record<string, string>>): Command {
  const child = spawn(process.execPath, [resolve("bin/patchcord.js"), "start"], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (texts.err += text));
  let code: number | null | undefined;
  child.once("close", (exit) => (code = exit));

  return {
    child,
    out: () => texts.out,
    err: () => texts.err,
    logged: (message) => texts.out.split("\n").filter((line) => line.includes(`"msg":"${message}"`)),
    ended: async (withinMs) => {
      try {
        await eventually("the process ends", () => code !== undefined, withinMs);
      } catch (error) {
        child.kill("SIGKILL");
        throw error;
      }
      return code ?? null;
    },
    kill: (signal) => void child.kill(signal),
  };
}
