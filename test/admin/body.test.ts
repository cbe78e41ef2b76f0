import { describe, expect, it } from "vitest";
import { bodyOf } from "../../src/admin/body.ts";

/** Lines that tell how many were read, and whether reading ended. */
function source(count: number, failsAt = Infinity) {
  const seen = { read: 0, ended: false };
  async function* lines() {
    try {
      for (let line = 1; line <= count; line += 1) {
        if (line === failsAt) throw new Error("it broke");
        seen.read = line;
        yield `${line}\n`;
      }
    } finally {
      seen.ended = true;
    }
  }
  return { seen, lines: lines() };
}

/** Lets everything run that is ready to. */
const idle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

const cuts: unknown[] = [];
const open = (lines: AsyncIterable<string>) => bodyOf(lines, (error) => cuts.push(error) < 0);

describe("lines", () => {
  it("are sent as they come, to the end", async () => {
    const { lines } = source(3);
    expect(await new Response(await open(lines)).text()).toBe("1\n2\n3\n");
    expect(await new Response(await open(source(0).lines)).text()).toBe("");
  });

  it("are read when somebody takes them, and no sooner", async () => {
    const { seen, lines } = source(1_000_000);
    const reader = (await open(lines)).getReader();
    await idle();
    expect(seen.read).toBe(1);
    for (let line = 1; line <= 3; line += 1) await reader.read();
    await idle();
    expect(seen.read).toBe(3);
    await reader.cancel();
    expect(seen.ended).toBe(true);
  });

  it("end quietly when somebody leaves while the next is being read, also if that goes wrong", async () => {
    for (const goesWrong of [false, true]) {
      const [asked, read] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
      let ended = false;
      async function* lines() {
        try {
          yield "1\n";
          asked.resolve();
          yield await read.promise;
        } finally {
          ended = true;
        }
      }
      const told: unknown[] = [];
      const reader = (await bodyOf(lines(), (error) => told.push(error) > 0)).getReader();
      await reader.read();
      const next = reader.read();
      await asked.promise;
      const gone = reader.cancel();
      if (goesWrong) read.reject(new Error("the disk is gone"));
      else read.resolve("2\n");
      await gone;
      expect((await next).done).toBe(true);
      await idle();
      expect(told).toEqual(goesWrong ? [new Error("the disk is gone")] : []);
      expect(ended).toBe(true);
    }
  });

  it("that go wrong before the first are no body, and later cut it off", async () => {
    await expect(open(source(3, 1).lines)).rejects.toThrow("it broke");
    const body = await open(source(3, 3).lines);
    await expect(new Response(body).text()).rejects.toThrow("it broke");
    expect(cuts).toHaveLength(1);
  });
});
