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
