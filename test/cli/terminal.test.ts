import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { standardOf, wantsColour } from "../../src/cli/terminal.ts";

/** Standard output whose reader takes what comes when it is told to, or is gone. */
function reader({ gone = false }: { gone?: boolean } = {}) {
  const waiting: (() => void)[] = [];
  const heard: string[] = [];
  const stdout = new Writable({
    highWaterMark: 8,
    write: (chunk, _encoding, done) => {
      if (gone) return done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
      waiting.push(() => {
        heard.push(String(chunk));
        done();
      });
    },
  });
  return { stdout, heard, take: () => waiting.shift()?.() };
}

const quiet = () => new Writable({ write: (_chunk, _encoding, done) => done() });
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("standard output", () => {
  it("is waited for while its reader is slower than what is written", async () => {
    const { stdout, heard, take } = reader();
    const standard = standardOf({ stdout, stderr: quiet() });
    standard.write("more than eight");
    let free = false;
    const waits = standard.taken().then(() => (free = true));
    await settled();
    expect(free).toBe(false);
    take();
    await waits;
    expect(heard).toEqual(["more than eight"]);
    standard.write("a");
    await standard.taken();
    const end = standard.finish();
    take();
    await settled();
    take();
    await end;
    expect(heard.join("")).toBe("more than eighta");
  });

  it("ends without a failure when its reader has gone", async () => {
    const { stdout } = reader({ gone: true });
    const standard = standardOf({ stdout, stderr: quiet() });
    standard.write("a line");
    await settled();
    standard.write("another");
    await expect(standard.taken()).rejects.toMatchObject({ code: "unheard" });
    await expect(standard.finish()).rejects.toMatchObject({ code: "unheard" });
  });

  it("tells what else is wrong with it", async () => {
    const stdout = new Writable({
      write: (_chunk, _encoding, done) =>
        done(Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" })),
    });
    const standard = standardOf({ stdout, stderr: quiet() });
    standard.write("a line");
    await expect(standard.finish()).rejects.toMatchObject({
      code: "output_failed",
      message: expect.stringContaining("no space left"),
    });
  });
});

describe("a terminal", () => {
  const tty = () => Object.assign(quiet(), { isTTY: true, columns: 99 });

  it("has colour unless somebody wants none, and a pipe never has", () => {
    expect(wantsColour({ stdout: tty(), stderr: tty() }, {})).toBe(true);
    expect(wantsColour({ stdout: tty(), stderr: tty() }, { NO_COLOR: "1" })).toBe(false);
    expect(wantsColour({ stdout: tty(), stderr: tty() }, { TERM: "dumb" })).toBe(false);
    expect(wantsColour({ stdout: quiet(), stderr: tty() }, {})).toBe(false);
  });

  it("has a width, and progress where that disturbs nothing", () => {
    expect(standardOf({ stdout: tty(), stderr: tty() })).toMatchObject({ width: 99, live: false });
    expect(standardOf({ stdout: quiet(), stderr: tty() })).toMatchObject({ live: true });
    expect(standardOf({ stdout: quiet(), stderr: tty() }).width).toBeUndefined();
    expect(standardOf({ stdout: quiet(), stderr: quiet() })).toMatchObject({ live: false });
  });
});
