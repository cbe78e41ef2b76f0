import { expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import { file, final, own, postKey, refusal, type PlatformBench } from "./platform-bench.ts";

const CODE = 'const a = "ä漢😀";\n\tif (a) <@U1> @everyone\n'.repeat(50);

/** What a platform that takes files does with a page that is one. */
export function describeFiles(bench: PlatformBench): void {
  const post = (options: { repeated?: boolean; after: MessageId }, page = file("code.ts", CODE)) =>
    bench.platform.post(bench.place, page, { ...postKey(1, options), after: options.after });
  const begin = () => bench.platform.post(bench.place, final("first lines"), postKey(0));
  const names = () => bench.harness.files(bench.place).map(({ name }) => name);

  test("a file is a message of its own, whole, and notifies nobody", async () => {
    const after = await begin();
    const id = await post({ after });
    expect(bench.harness.files(bench.place)).toEqual([{ id, name: "code.ts", text: CODE }]);
    expect(own(bench).map((shown) => shown.id)).toEqual([after, id]);
    expect(bench.harness.notified()).toEqual([]);
    expect(await post({ after })).toBe(id);
    expect(names()).toEqual(["code.ts"]);
  });

  test("what comes after a file stands below it", async () => {
    const after = await begin();
    const id = await post({ after });
    const next = await bench.platform.post(bench.place, final("more"), { ...postKey(2), after: id });
    expect(own(bench).map((shown) => shown.id)).toEqual([after, id, next]);
  });

  test.each(["swallow", "cut"] as const)(
    "a file whose answer is lost (%s) is posted once",
    async (failure) => {
      const after = await begin();
      bench.harness.fail("file", failure);
      expect((await refusal(post({ after }))).kind).toBe("unavailable");
      const id = await post({ after });
      expect(bench.harness.files(bench.place)).toEqual([{ id, name: "code.ts", text: CODE }]);
    },
  );

  test("a file of a process that died is found by the next, which may paint it again", async () => {
    const after = await begin();
    const id = await post({ after });
    await bench.platform.stop();
    const next = await bench.connect(async () => {});
    const key = { ...postKey(1, { repeated: true }), after };
    expect(await next.post(bench.place, file("code.ts", CODE), key)).toBe(id);
    await next.edit(bench.place, id, file("code.ts", CODE));
    expect(bench.harness.files(bench.place)).toEqual([{ id, name: "code.ts", text: CODE }]);
    expect(own(bench).map((shown) => shown.id)).toEqual([after, id]);
  });

  test("a file takes the place of a page that another answer had there", async () => {
    const after = await begin();
    const id = await bench.platform.post(bench.place, final("what it said before"), { ...postKey(1), after });
    await bench.platform.edit(bench.place, id, file("code.ts", CODE));
    await bench.platform.edit(bench.place, id, file("code.ts", CODE));
    expect(names()).toEqual(["code.ts"]);
    expect(own(bench).some(({ text }) => text.includes("what it said before"))).toBe(false);
  });

  test("a file that is not taken is rejected, and text is posted all the same", async () => {
    const after = await begin();
    bench.harness.fail("file", "rejected");
    expect((await refusal(post({ after }))).kind).toBe("rejected");
    await post({ after }, final("as text"));
    expect([names(), own(bench).length]).toEqual([[], 2]);
  });
}
