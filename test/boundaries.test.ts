import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";

/** ARCHITECTURE.md, "The house": which room may import which. A room's own files and the roots' words are always allowed. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  chat: [],
  reply: ["chat"],
  telnyx: ["reply"],
  store: ["chat", "reply"],
  markdown: [],
  slack: ["chat", "markdown"],
  discord: ["chat", "markdown"],
  bridge: ["reply", "chat", "telnyx", "store"],
  admin: ["store", "telnyx", "chat", "reply", "markdown"],
  sandbox: ["markdown"],
  config: ["slack", "discord", "admin"],
};
/** Files directly under `src` that any room but the sandbox's pure parts may use. */
const WORDS = ["errors.ts", "clock.ts", "log.ts", "nearest.ts"];
/** Rooms whose arrow to another may carry types alone, but for the error classes and constants of a port's own file. */
const TYPES_ONLY: readonly (readonly [from: string, to: string])[] = [
  ["bridge", "store"],
  ["telnyx", "reply"],
  ["store", "reply"],
  ["reply", "chat"],
  ["slack", "chat"],
  ["discord", "chat"],
];
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  "@slack/": ["slack"],
  "discord.js": ["discord"],
  "@discordjs/": ["discord"],
  "drizzle-orm": ["store"],
  "better-sqlite3": ["store"],
  pg: ["store"],
  "prom-client": [""],
  undici: ["telnyx", "slack"],
  ws: ["sandbox"],
};

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const IMPORT = /^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm;

const files = globSync("src/**/*.ts").map((path) => path.replaceAll("\\", "/"));
const imports: readonly Import[] = files.flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(IMPORT)].map(([, type, target = ""]) => ({
    file,
    target,
    typeOnly: type !== undefined,
  })),
);
const roomOf = (path: string) => {
  const [room = "", ...rest] = relative("src", path).split("/");
  return rest.length > 0 ? room : "";
};
const local = (edge: Import) =>
  edge.target.startsWith(".") ? normalize(join(dirname(edge.file), edge.target)) : undefined;

describe("the house", () => {
  it("was read", () => {
    expect(files.length).toBeGreaterThan(40);
    expect(imports.length).toBeGreaterThan(100);
  });

  it("has every room's imports along the arrows", () => {
    const wrong = imports.filter((edge) => {
      const [from, path] = [roomOf(edge.file), local(edge)];
      const allowed = ARROWS[from];
      if (path === undefined || allowed === undefined) return false;
      const to = roomOf(path);
      if (to === from || allowed.includes(to)) return false;
      return (
        to !== "" ||
        !(WORDS.includes(relative("src", path)) || (from === "config" && path === "src/config.ts"))
      );
    });
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it("has only types on the arrows that carry types", () => {
    const wrong = imports.filter((edge) => {
      const path = local(edge);
      return (
        path !== undefined &&
        !edge.typeOnly &&
        TYPES_ONLY.some(([from, to]) => roomOf(edge.file) === from && roomOf(path) === to)
      );
    });
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it("starts without loading what admins reach by HTTP, or the SDK of a platform where the bot may not be", () => {
    const loaded = new Set(["src/app.ts"]);
    for (const file of loaded)
      for (const edge of imports) if (edge.file === file && !edge.typeOnly) loaded.add(local(edge) ?? file);
    expect(loaded.size).toBeGreaterThan(150);
    expect([...loaded].filter((file) => /^src\/admin\/(?:api|console|session)\//.test(file))).toEqual([]);
    const sdks = imports.filter(
      ({ file, target, typeOnly }) =>
        loaded.has(file) && !typeOnly && /^(?:discord\.js|@slack\/)/.test(target),
    );
    expect(sdks.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it("has each SDK in its own room", () => {
    const wrong = imports.filter(({ file, target }) =>
      Object.entries(ONLY_IN).some(
        ([sdk, rooms]) =>
          (target === sdk || target.startsWith(sdk.endsWith("/") ? sdk : `${sdk}/`)) &&
          !rooms.includes(roomOf(file)),
      ),
    );
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it("loads drizzle in one place, since as ES modules it is half of a start", () => {
    const loaders = imports.filter(
      ({ target, typeOnly }) => /^drizzle-orm(?:\/|$)/.test(target) && !typeOnly,
    );
    expect(loaders.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it("has a reply room without I/O, time or platforms", () => {
    const wrong = imports.filter(({ file, target }) => roomOf(file) === "reply" && !target.startsWith("."));
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
    for (const file of files.filter((path) => roomOf(path) === "reply")) {
      expect(readFileSync(file, "utf8"), file).not.toMatch(
        /\b(?:Date\.now|performance\.now|setTimeout|process\.env|Math\.random)\b/,
      );
    }
  });

  it("reads the environment in one place", () => {
    const readers = files.filter((file) => /process\.env\b/.test(readFileSync(file, "utf8")));
    expect(readers).toEqual(["src/cli/load.ts"]);
  });

  it("asks nowhere which platform it is", () => {
    const askers = files.filter(
      (file) =>
        !/^src\/(?:slack|discord|sandbox)\//.test(file) &&
        /===\s*"(?:slack|discord)"/.test(readFileSync(file, "utf8")),
    );
    expect(askers).toEqual([]);
  });

  it("has the time from the clock alone", () => {
    const own = files.filter(
      (file) =>
        !file.startsWith("src/sandbox/") &&
        file !== "src/clock.ts" &&
        /\b(?:Date\.now|performance\.now|setTimeout|setInterval)\(/.test(readFileSync(file, "utf8")),
    );
    expect(own).toEqual([]);
  });
});

describe("the tests", () => {
  it("share no module that registers a hook when it is loaded: it is loaded once for many files", () => {
    const shared = globSync("test/**/*.ts").filter((file) => !file.endsWith(".test.ts"));
    expect(shared.length).toBeGreaterThan(50);
    const hooked = shared.filter((file) =>
      /^(?:before|after)(?:Each|All)\(/m.test(readFileSync(file, "utf8")),
    );
    expect(hooked).toEqual([]);
  });
});

describe("the documents", () => {
  const documents = globSync("*.md");
  it.each(documents)("%s names only files that exist", (document) => {
    const named = [
      ...readFileSync(document, "utf8").matchAll(/`((?:src|test|bench|bin|migrations|\.github)\/[\w./-]+)`/g),
    ].map(([, path = ""]) => path);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});
