import { Command } from "commander";
import { describe, expect, it } from "vitest";
import type { Admin, ListedTurn } from "../../../src/admin/admin.ts";
import { operator } from "../../../src/admin/viewer.ts";
import { pieceOf } from "../../admin/exporting.ts";
import { heard } from "./heard.ts";
import { addErasure, addExplain, addLooks } from "../../../src/cli/admin/commands.ts";

const where = {
  place: "p",
  generation: 1,
  platform: "slack",
  workspaceId: "T1",
  channelId: "C1",
  channelKind: "public",
};
const conversation = {
  ...where,
  startedAt: 0,
  activeAt: 0,
  startedByName: "Ada",
  turns: 2,
  formerly: [],
  held: true,
  readable: true,
};
const turn = (id: number, more: object = {}) =>
  ({
    ...where,
    id,
    userName: "Bob",
    receivedAt: 0,
    status: "done",
    readable: true,
    content: { turn: id, question: `q${id}`, answer: "a\u001B[2J\nb" },
    ...more,
  }) as unknown as ListedTurn;

/** The command, run with these words over a service that finds `found` conversations. */
async function run(words: readonly string[], found = 1) {
  const asked: unknown[] = [];
  const said = { out: "", err: "", closed: 0 };
  const admin = {
    conversations: async (_: unknown, request: unknown) => (
      asked.push(request),
      { rows: Array.from({ length: found }, () => conversation), query: "" }
    ),
    turns: async (_: unknown, request: unknown) => (asked.push(request), { rows: [turn(1)], query: "" }),
    show: async (_: unknown, key: unknown, { after }: { after?: string } = {}) => {
      asked.push(key);
      if (found === 0) return undefined;
      return after === undefined
        ? { conversation, turns: [turn(1)], next: "2" }
        : { conversation, turns: [turn(2, { readable: false, content: undefined })] };
    },
    export: async function* (_: unknown, request: unknown) {
      asked.push(request);
      yield pieceOf("a piece\n");
      yield pieceOf("and another\n");
    },
    forget: async function* (_: unknown, request: unknown) {
      asked.push(request);
      yield { conversation: where, name: "support", turns: 2, local: "would_be", telnyx: "would_be" };
    },
    hold: async (...args: unknown[]) => (asked.push(args.slice(1)), 3),
    sync: async function* (_: unknown, request: unknown) {
      asked.push(request);
      const differs = { telnyxId: "x", done: false, conversation: where, name: "#a" } as const;
      yield { ...differs, kind: "gone_there", why: "another begins" };
      if (found > 0) yield { ...differs, kind: "metadata", changes: [{ key: "k", here: "v" }] };
    },
    explain: async (_: unknown, link: unknown) => (
      asked.push(link),
      {
        link,
        answered: false,
        settings: { model: "m" },
        gaps: [],
        rules: [
          { says: "It mentions nobody.", outcome: "decides" },
          { says: "It is late.", outcome: "not_tried" },
        ],
      }
    ),
  } as unknown as Admin;
  const to = {
    write: (text: string | Uint8Array) => void (said.out += heard(text)),
    tell: (text: string) => void (said.err += text),
    taken: async () => {},
    colour: false,
    live: false,
  };
  const quiet = { writeOut: to.write, writeErr: to.tell };
  const program = new Command("patchcord").exitOverride().configureOutput(quiet);
  const open = async () => ({
    admin,
    to,
    viewer: operator({ id: "cli:ada", name: "ada", via: "cli" }),
    close: async () => void (said.closed += 1),
  });
  addErasure(addLooks(program, open), open);
  addExplain(program, open);
  const error = await program.parseAsync(["node", "patchcord", ...words]).then(
    () => undefined,
    (reason: unknown) => reason as { code: string },
  );
  return { ...said, asked, error };
}

describe("the commands of admins", () => {
  it("join the words of a query, and ask for 50 unless told otherwise", async () => {
    expect((await run(["conversations", "list", "kind:dm", "a OR b"])).asked).toEqual([
      { query: "kind:dm a OR b", limit: 50 },
    ]);
    expect((await run(["turns", "--limit", "7"])).asked).toEqual([{ query: "", limit: 7 }]);
    expect((await run(["turns", "--all", "--jsonl", "--", "-user:x"])).asked).toEqual([
      { query: "-user:x", limit: 1_000 },
    ]);
  });

  it.each([
    [["turns", "--limit", "0"]],
    [["turns", "--json", "--csv"]],
    [["conversations", "forget"]],
    [["turns", "--jsn"]],
    [["explain"]],
  ])("refuse %j without opening anything", async (words) => {
    const { error, asked, closed } = await run(words);
    expect(error?.code).toMatch(/^commander\./);
    expect([asked, closed]).toEqual([[], 0]);
  });

  it("show a conversation to its end, by its id or by a query that finds it alone", async () => {
    const { out, asked } = await run(["conversations", "show", "p#1"]);
    expect(asked).toEqual([
      { place: "p", generation: 1 },
      { place: "p", generation: 1 },
    ]);
    expect(out).toMatch(/on hold/);
    expect(out).toMatch(/q1\n {2}\[done\]\n {2}a\[2J\n {2}b\n[^]*not yours to read/);
    expect((await run(["conversations", "show", "kind:dm"])).asked).toHaveLength(3);
    expect((await run(["conversations", "show", "kind:dm"], 2)).error?.code).toBe("ambiguous");
    expect((await run(["conversations", "show", "kind:dm"], 0)).error?.code).toBe("not_found");
    expect((await run(["conversations", "show", "p#1"], 0)).error?.code).toBe("not_found");
    const json = JSON.parse((await run(["conversations", "show", "p#1", "--json"])).out) as {
      turns: unknown[];
    };
    expect(json.turns).toHaveLength(2);
  });

  it("export a conversation a line, or a turn a row", async () => {
    expect((await run(["conversations", "export", "a", "--redact"])).asked).toEqual([
      { query: "a", redact: true, format: "jsonl" },
    ]);
    const { out, asked } = await run(["conversations", "export", "a", "--csv"]);
    expect(out).toBe("a piece\nand another\n");
    expect(asked).toEqual([{ query: "a", redact: false, format: "csv" }]);
  });

  it("forget and put right nothing before they are told to", async () => {
    const dry = await run(["conversations", "forget", "user:x"]);
    expect(dry.asked).toEqual([{ query: "user:x", dry: true }]);
    expect(dry.err).toMatch(/Nothing was forgotten yet/);
    expect(
      (await run(["conversations", "forget", "user:x", "--person", "slack:T1:U1", "--yes"])).asked,
    ).toEqual([{ query: "user:x", dry: false, person: "slack:T1:U1" }]);
    const compared = await run(["conversations", "sync"]);
    expect(compared.asked).toEqual([{ dry: true }]);
    const gone = "x: #a (p#1) is gone at Telnyx (another begins)\n";
    expect([compared.out, compared.err]).toEqual([
      `${gone}x: #a (p#1) is called otherwise: k nothing → v\n`,
      "Nothing was changed: --yes puts right 1 of them.\n",
    ]);
    const { out, err } = await run(["conversations", "sync"], 0);
    expect([out, err]).toEqual([gone, ""]);
    expect((await run(["conversations", "sync", "--yes"])).asked).toEqual([{ dry: false }]);
    expect((await run(["conversations", "hold", "a", "--release"])).asked).toEqual([["a", false]]);
  });

  it("explain a message rule by rule", async () => {
    const { out, closed } = await run(["explain", "https://example.com/1"]);
    expect(out).toBe("It was not answered.\n→ It mentions nobody.\n· It is late.\nmodel: m\n");
    expect(closed).toBe(1);
  });

  it("close what they opened when something goes wrong", async () =>
    expect((await run(["conversations", "show", "x"], 0)).closed).toBe(1));

  it("say in their help what the exit codes mean", async () =>
    expect((await run(["turns", "--help"])).out).toMatch(/Exit code 0/));
});
