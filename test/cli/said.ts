import { Writable } from "node:stream";
import { run } from "../../src/cli.ts";

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command in this process, with this environment and no other, and what it printed. */
export async function patchcordIn(
  environment: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<Said> {
  const said = { out: "", err: "" };
  const into = (stream: keyof typeof said) =>
    new Writable({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        said[stream] += chunk;
        done();
      },
    });
  const streams = { stdout: into("out"), stderr: into("err") };
  const code = await run(["node", "patchcord", ...words], { ...streams, environment: () => environment });
  return { code, ...said };
}
