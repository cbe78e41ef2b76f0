import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface Start {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What the command came to: its exit code, and what it wrote to standard error. */
export interface Refusal {
  readonly code: number;
  readonly err: string;
}

/** Starts that cannot go on, in one process. */
export interface Starts {
  /** Resolves when nothing of the start is open any more. Rejects when that process ended. */
  readonly refused: (start: Start) => Promise<Refusal>;
  /** Asks for nothing more, and resolves with all that was logged once the process has ended by itself. */
  readonly ended: () => Promise<string>;
  readonly kill: () => void;
}

export function forkStarts(): Starts {
  const child = fork(fileURLToPath(new URL("starts-child.ts", import.meta.url)), {
    env: { PATH: process.env["PATH"] ?? "" },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let logged = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (logged += text));
  // Not "close": Node tells of none where this side let go of the channel.
  const end = Promise.all([once(child, "exit"), child.stdout && once(child.stdout, "close")]);
  return {
    refused: async (start) => {
      const over = new AbortController();
      const answer = once(child, "message", over);
      child.send(start);
      const first = await Promise.race([answer, end.then(() => undefined)]);
      over.abort();
      if (first) return first[0] as Refusal;
      throw new Error(`the process ended: ${logged}`);
    },
    ended: async () => {
      child.disconnect();
      await end;
      return logged;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}
