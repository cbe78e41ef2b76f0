import { describe, expect, test } from "vitest";
import { titleOf } from "../../src/slack/agent.ts";
import { withoutBreaks } from "../../src/slack/format.ts";

describe("titleOf", () => {
  test("is the beginning of what was asked, in a line without marks", () => {
    expect(titleOf("## How do I\n**restart** `nginx`?")).toBe("How do I restart nginx?");
    const title = titleOf("word ".repeat(100));
    expect(title).toMatch(/^(?:word )+word…$/);
    expect(title.length).toBeLessThan(100);
  });

  test("holds no mention, for a reader that takes look-alikes for signs either", () => {
    expect(titleOf("<!here> help")).not.toMatch(/<!here>/);
    const title = titleOf("＜!channel＞ help");
    expect(title).not.toContain("＜!channel＞");
    expect(withoutBreaks(title)).toBe("＜!channel＞ help");
  });
});
