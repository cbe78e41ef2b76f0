import { describe, expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import type { Platform, PostKey } from "../../src/chat/platform.ts";
import type { Message } from "../../src/chat/message.ts";
import { createPainter, type Ledger } from "../../src/bridge/painter.ts";

describe("the key of a post", () => {
  const keysOf = async (pages: Ledger["pages"], indexes: readonly number[]) => {
    const keys: PostKey[] = [];
    const post: Platform["post"] = async (_place, _page, key) => {
      keys.push(key);
      return `id ${key.page}` as MessageId;
    };
    const ledger: Ledger = {
      turn: 1,
      pages,
      confirm: async () => {},
      checkpoint: async () => {},
      intend: async () => {},
      posted: async () => {},
    };
    const question = { key: "k", id: "q", author: { id: "U1" } } as Message;
    const painter = createPainter({ post } as Platform, question, ledger);
    for (const index of indexes)
      await painter.paint({ kind: "post", index, page: { text: "x", final: true } });
    return keys.map(({ page, after, repeated }) => ({ page, after, repeated }));
  };

  test("names the page before, posted in this run or an earlier one", async () => {
    expect(await keysOf([], [0, 1, 2])).toEqual([
      { page: 0, after: undefined, repeated: false },
      { page: 1, after: "id 0", repeated: false },
      { page: 2, after: "id 1", repeated: false },
    ]);
    const earlier = [{ index: 0, id: "old" as MessageId }, { index: 1 }];
    expect(await keysOf(earlier, [1])).toEqual([{ page: 1, after: "old", repeated: true }]);
  });
});

describe("a page's row", () => {
  const at = (pages: Ledger["pages"]) => {
    const deeds: string[] = [];
    const ledger: Ledger = {
      turn: 1,
      pages,
      confirm: async () => {},
      checkpoint: async () => {},
      intend: async (page) => void deeds.push(`intend ${page}`),
      posted: async (page, id) => void deeds.push(`posted ${page} as ${id}`),
    };
    const post: Platform["post"] = async (_place, _page, { page }) => {
      deeds.push(`post ${page}`);
      return `id-${page}` as MessageId;
    };
    const question = { key: "k", id: "q", author: { id: "U1" } } as Message;
    return { deeds, painter: createPainter({ post } as Platform, question, ledger) };
  };

  test("is stored before the page is posted, and its id after; an earlier run's is not stored again", async () => {
    const { deeds, painter } = at([{ index: 1 }]);
    for (const index of [0, 1])
      await painter.paint({ kind: "post", index, page: { text: "x", final: true } });
    expect(deeds).toEqual(["intend 0", "post 0", "posted 0 as id-0", "post 1", "posted 1 as id-1"]);
  });

  test("counts as a page that may stand, though nobody heard of its post", () => {
    const { painter } = at([{ index: 0, id: "old" as MessageId }, { index: 1 }]);
    expect([painter.shown.length, painter.begun]).toEqual([1, 2]);
  });
});
