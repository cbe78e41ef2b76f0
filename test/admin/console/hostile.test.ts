import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conversationPath } from "../../../src/admin/console/paths.ts";
import { nameOr, shortened } from "../../../src/admin/shortened.ts";
import { placeOf } from "../world.ts";
import { type ConsoleStage, consoleStage, textOf } from "./stage.ts";

const SCRIPT = `"><script>alert(1)</script><img src=x onerror=alert(1)>'\``;
const NAMES = {
  html: SCRIPT,
  turned: "invoice\u202Egpj.exe\u2066",
  long: "ab\u0301c".repeat(100),
  unseen: "\u200B\u2060\u3164\uFEFF",
  lines: "one\ntwo\u2028three\u0000\u001B[31m",
  broken: "half \uD83D of a pair",
};

let stage: ConsoleStage;
beforeAll(async () => {
  stage = consoleStage();
  for (const [index, name] of Object.values(NAMES).entries())
    await stage.world.ask({
      channel: `C${index}`,
      name,
      user: { id: `U${index}`, name },
      question: name,
      answer: name,
    });
});
afterAll(() => stage.world.bench.close());

const PAGES = [
  conversationPath({ place: placeOf("C0"), generation: 1 }),
  "/admin",
  "/admin?show=turns",
  `/admin?q=${encodeURIComponent(SCRIPT)}`,
];

describe.each(PAGES)("%s with hostile names", (path) => {
  it("has no element and no attribute that somebody wrote into a name", async () => {
    const page = await (await stage.get(path)).text();
    expect(page.match(/<script[^>]*>/g)).toEqual(['<script type="module" src="/admin/assets/console.js">']);
    const tags = page.replaceAll(/="[^"]*"/g, "").match(/<[^>]*>/g) ?? [];
    expect(tags.filter((tag) => /\son|src=|style|'|`/.test(tag))).toEqual([]);
    expect(page.match(/<img/g)).toHaveLength(1);
    expect(textOf(page)).toContain(path.includes("q=") ? "This query is not right yet" : SCRIPT);
  });

  it("has nothing that turns or hides text around a name", async () => {
    const page = await (await stage.get(path)).text();
    expect(page.replaceAll("\n", " ")).not.toMatch(/\p{Cc}|\p{Cf}|\u2028/u);
  });
});

describe("a name", () => {
  it("that cannot be seen is told by its id", () => {
    expect(nameOr(NAMES.unseen, "U3")).toBe("U3");
    expect(nameOr(undefined, "U3")).toBe("U3");
    expect(nameOr("  ", "U3")).toBe("U3");
  });

  it("is one line of at most 80 characters, none of them split", () => {
    const shown = nameOr(NAMES.long, "");
    expect(shown.endsWith("…")).toBe(true);
    expect([...new Intl.Segmenter("en").segment(shown)]).toHaveLength(80);
    expect(nameOr(NAMES.lines, "")).toBe("one twothree[31m");
    expect(nameOr("👩‍👩‍👧 family", "")).toBe("👩‍👩‍👧 family");
    expect(shortened("a".repeat(5_000_000), 3)).toBe("aa…");
  });
});
