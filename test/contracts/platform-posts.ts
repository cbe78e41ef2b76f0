import { listener } from "../fakes/listener.ts";
import { expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import { PatchcordError } from "../../src/errors.ts";
import { final, growing, own, postKey, refusal, type PlatformBench } from "./platform-bench.ts";

const HOSTILE = [
  "@everyone and @here, <!channel> <!here|here> <!everyone> <!subteam^S012ABC|@crew>",
  "`<!channel>` in code, <@U012ABC> <@123456789012345678> <@&223456789012345678> <#C012ABC>",
  "```\n<!channel> @everyone\n```\n[<!here>](https://example.com/<!channel>)",
];

export function describePosts(bench: PlatformBench): void {
  test("posts a page at the end of its place, and nowhere else", async () => {
    const other = await bench.harness.openPlace();
    const id = await bench.platform.post(bench.place, growing(bench, "a first page"), postKey(0));
    expect(bench.harness.shown(bench.place).at(-1)).toEqual({ id, bySelf: true, text: "a first page" });
    expect(own(bench, other)).toEqual([]);
  });

  test("an edit replaces what its page shows, and repeating it changes nothing", async () => {
    const first = await bench.platform.post(bench.place, growing(bench, "one"), postKey(0));
    const second = await bench.platform.post(bench.place, growing(bench, "two"), postKey(1));
    await bench.platform.edit(bench.place, first, final("one, longer"));
    await bench.platform.edit(bench.place, first, final("one, longer"));
    expect(own(bench).map((shown) => [shown.id, shown.text])).toEqual([
      [first, "one, longer"],
      [second, "two"],
    ]);
  });

  test("takes any page of full length, as a post and as an edit", async () => {
    const { pageLength } = bench.platform.limits;
    for (const [index, unit] of ["x", "<", "&", "😀", "\n", "`", "<!here>"].entries()) {
      const text = `.${unit.repeat(Math.floor((pageLength - 2) / unit.length))}.`;
      const place = await bench.harness.openPlace();
      const id = await bench.platform.post(place, growing({ ...bench, place }, text), postKey(index));
      await bench.platform.edit(place, id, final(`${text.slice(0, -1)},`));
      expect(own(bench, place).map((shown) => shown.id)).toEqual([id]);
    }
  });

  test("notifies nobody, whatever a page says", async () => {
    for (const [index, text] of HOSTILE.entries()) {
      const id = await bench.platform.post(bench.place, growing(bench, text), postKey(index));
      await bench.platform.edit(bench.place, id, final(`${text} ${text}`));
    }
    expect(bench.harness.notified()).toEqual([]);
  });
}

export function describeKeys(bench: PlatformBench): void {
  test("the same key posts once, one after the other or at once", async () => {
    const post = () => bench.platform.post(bench.place, growing(bench, "once"), postKey(0));
    const ids = [await post(), ...(await Promise.all([post(), post()]))];
    expect(new Set(ids).size).toBe(1);
    expect(own(bench)).toHaveLength(1);
  });

  test("the same key at once before any answer posts once", async () => {
    const post = () => bench.platform.post(bench.place, growing(bench, "once"), postKey(0));
    const ids = await Promise.all([post(), post(), post()]);
    expect(new Set(ids).size).toBe(1);
    expect(own(bench)).toHaveLength(1);
  });

  test("another key is another post, though it says the same", async () => {
    const ids = [0, 1, 2].map((page) =>
      bench.platform.post(bench.place, growing(bench, "same"), postKey(page)),
    );
    expect(new Set(await Promise.all(ids)).size).toBe(3);
    expect(own(bench)).toHaveLength(3);
  });

  test("a post whose answer was lost is found again, not posted again", async () => {
    bench.harness.fail("post", "swallow");
    const lost = await refusal(bench.platform.post(bench.place, growing(bench, "lost"), postKey(0)));
    expect(lost.kind).toBe("unavailable");
    const id = await bench.platform.post(bench.place, growing(bench, "lost"), postKey(0));
    expect(own(bench).map((shown) => shown.id)).toEqual([id]);
  });

  test("a post that never arrived is posted by its second attempt", async () => {
    bench.harness.fail("post", "cut");
    expect((await refusal(bench.platform.post(bench.place, growing(bench, "page"), postKey(0)))).kind).toBe(
      "unavailable",
    );
    const id = await bench.platform.post(bench.place, growing(bench, "page"), postKey(0));
    expect(own(bench).map((shown) => shown.id)).toEqual([id]);
  });

  test("a post of a process that died is found by the next, among others", async () => {
    // As a reply does it: a page is final before the next begins, and each says what it follows.
    const ids = [await bench.harness.say(bench.place, "a question")];
    for (const page of [0, 1, 2]) {
      if (page > 0) await bench.platform.edit(bench.place, ids.at(-1)!, final("page"));
      const key = { ...postKey(page), after: ids.at(-1)! };
      ids.push(await bench.platform.post(bench.place, growing(bench, "page"), key));
    }
    const pages = ids.slice(1);
    await bench.harness.say(bench.place, "and then?");
    await bench.platform.stop();
    const next = await bench.connect(async () => {});
    const again = (page: number) => {
      const key = { ...postKey(page, { repeated: true }), after: ids[page]! };
      return next.post(bench.place, growing(bench, "page"), key);
    };
    expect(await again(2)).toBe(pages[2]);
    const fresh = await again(3);
    expect(own(bench).map((shown) => shown.id)).toEqual([...pages, fresh]);
  });

  test("a post of a process that died, and that is not the last, is found by the next", async () => {
    const ids: MessageId[] = [];
    for (const page of [0, 1, 2])
      ids.push(await bench.platform.post(bench.place, final("page"), postKey(page)));
    await bench.harness.say(bench.place, "and then?");
    await bench.platform.stop();
    const next = await bench.connect(async () => {});
    const found = await next.post(bench.place, final("page"), postKey(1, { repeated: true }));
    const fresh = await next.post(bench.place, final("page"), postKey(3, { repeated: true }));
    expect(found).toBe(ids[1]);
    expect(own(bench).map((shown) => shown.id)).toEqual([...ids, fresh]);
  });
}

export function describeRefusals(bench: PlatformBench): void {
  const kinds = ["rate_limited", "unavailable", "unreachable", "rejected", "unauthorized"] as const;
  test.each(kinds)("tells a post and an edit that are %s", async (kind) => {
    const id = await bench.platform.post(bench.place, growing(bench, "there"), postKey(0));
    bench.harness.fail("post", kind);
    const post = await refusal(bench.platform.post(bench.place, growing(bench, "page"), postKey(1)));
    bench.harness.fail("edit", kind);
    const edit = await refusal(bench.platform.edit(bench.place, id, final("page")));
    expect([post.kind, edit.kind]).toEqual([kind, kind]);
    const waits = kind === "rate_limited" ? [2_000, 2_000] : [undefined, undefined];
    expect([post.retryAfterMs, edit.retryAfterMs]).toEqual(waits);
  });

  test.each(["swallow", "cut"] as const)(
    "an edit without an answer (%s) may be repeated",
    async (failure) => {
      const id = await bench.platform.post(bench.place, growing(bench, "there"), postKey(0));
      bench.harness.fail("edit", failure);
      const edit = () => bench.platform.edit(bench.place, id, final("finished"));
      expect((await refusal(edit())).kind).toBe("unavailable");
      await edit();
      expect(own(bench)).toEqual([{ id, bySelf: true, text: "finished" }]);
    },
  );

  test("a page that a person deleted is gone", async () => {
    const id = await bench.platform.post(bench.place, growing(bench, "there"), postKey(0));
    bench.harness.remove(bench.place, id);
    expect((await refusal(bench.platform.edit(bench.place, id, final("page")))).kind).toBe("gone");
    expect(own(bench)).toEqual([]);
  });

  test("a refused attempt leaves its key free", async () => {
    bench.harness.fail("post", "rate_limited");
    await refusal(bench.platform.post(bench.place, growing(bench, "page"), postKey(0)));
    const id = await bench.platform.post(bench.place, growing(bench, "page"), postKey(0));
    expect(own(bench).map((shown) => shown.id)).toEqual([id]);
  });

  test("a start with a refused token rejects and says so", async () => {
    const refused = bench.harness.createRefused();
    bench.started.push(refused);
    await expect(refused.start(listener())).rejects.toBeInstanceOf(PatchcordError);
  });
}
