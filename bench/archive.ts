import { monitorEventLoopDelay } from "node:perf_hooks";
import { createConsole } from "../src/admin/console/console.ts";
import type { Admin } from "../src/admin/admin.ts";
import { createAdmin } from "../src/admin/create.ts";
import { operator, type Viewer } from "../src/admin/viewer.ts";
import { exportingIn } from "../src/app/exporting.ts";
import { links } from "../src/app/links.ts";
import { type Clock, stayAwake, systemClock } from "../src/clock.ts";
import { createLog } from "../src/log.ts";
import type { Condition } from "../src/store/archive.ts";
import { openDatabase, type Opened } from "../src/store/open.ts";
import { createFakeTelnyx } from "../test/fakes/telnyx.ts";
import { archiveDatabase } from "./archive-database.ts";
import { METADATA, NAMED, PAGES, SUMS, TEXT } from "./archive-queries.ts";
import { WORST, WORST_TEXT } from "./archive-worst.ts";
import { asked, type Sampled, sampled, since, timesOf, together, used } from "./archive-times.ts";
import { YEAR } from "./archive-world.ts";

const VIEWER: Viewer = operator({ id: "console:root", name: "root", via: "console" });
/**
 * Figures of what admins ask over so many turns, as they come. `keep`: see `archiveDatabase`. `only`: one kind of figures, by its `what`.
 */
export async function* archiveFigures(
  turns: number,
  keep?: string,
  only?: string,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  const database = await archiveDatabase(keep);
  try {
    const filled = await database.fill(turns);
    if (filled) yield filled;
    const opened = await openDatabase({ url: database.url, log: createLog("error") });
    // A file of an older version is taken in anew, with rests that keep no process from ending.
    const letSleep = stayAwake();
    try {
      await opened.archive.renew();
      // As the bot does: whatever is first would be told of otherwise, and not of a question.
      await list(adminOver(opened, systemClock), VIEWER, "conversations")("");
      yield* asking(opened, only);
    } finally {
      letSleep();
      await opened.close();
    }
  } finally {
    await database.close();
  }
}

async function* asking(opened: Opened, only: string | undefined) {
  const clock = { ...systemClock, now: () => YEAR.to };
  const admin = adminOver(opened, clock);
  const wanted = (what: string) => only === undefined || only === what;
  for (const { what, viewer, rows, usual, worst } of lists()) {
    if (!wanted(what)) continue;
    const kinds: Sampled[] = [];
    for (const template of usual) {
      const kind = await sampled(template, list(admin, viewer, rows));
      kinds.push(kind);
      yield { what, ...timesOf(kind) };
    }
    yield { what, ...together("all of these", kinds) };
    for (const template of worst) yield { what, ...(await asked(template, list(admin, viewer, rows))) };
  }
  if (wanted("page")) yield* pages(admin, clock);
  if (wanted("sums"))
    for (const { by, ...template } of SUMS)
      yield {
        what: "sums",
        ...(await asked(
          template,
          async (query) => void (await admin.usage(VIEWER, { query, ...(by && { by }) })),
        )),
      };
  if (wanted("export")) for (const one of EXPORTS) yield await exporting(admin, one);
}

/** Lists of conversations and of turns, for who sees all and for who sees one channel. */
function lists() {
  const everybody = { viewer: VIEWER, of: "" };
  const some = [
    everybody,
    { viewer: seeing(NAMED[0]?.name), of: ", seeing the greatest channel" },
    { viewer: seeing(NAMED.at(-1)?.name), of: ", seeing a small channel" },
  ];
  return some.flatMap(({ viewer, of }) =>
    (["conversations", "turns"] as const).flatMap((rows) => [
      { what: `metadata, ${rows}${of}`, viewer, rows, usual: METADATA, worst: WORST },
      { what: `text, ${rows}${of}`, viewer, rows, usual: TEXT, worst: WORST_TEXT },
    ]),
  );
}

const list =
  (admin: Admin, viewer: Viewer, rows: "conversations" | "turns") => async (query: string, after?: string) =>
    (await admin[rows](viewer, { query, ...(after !== undefined && { after }) })).next;

/** Somebody who sees what was said in one channel, where it is public, and nothing else. */
function seeing(channel = ""): Viewer {
  const where: Condition = { kind: "name", field: "channel", tense: "now", match: "equals", value: channel };
  return { ...VIEWER, id: "console:one", grants: [{ where, reads: "content", private: false }] };
}

/** Who sees a part, as most admins do. */
const SOME = {
  "what is public": {
    ...VIEWER,
    grants: [
      { where: { kind: "word", field: "kind", values: ["public"] }, reads: "content", private: false },
    ],
  },
  "the greatest channel": seeing(NAMED[0]?.name),
} as const satisfies Record<string, Viewer>;

async function* pages(admin: Admin, clock: Clock) {
  const [long] = (await admin.conversations(VIEWER, { query: "sort:tokens", limit: 1 })).rows;
  const longest = long?.place ?? "";
  let viewer = VIEWER;
  const app = createConsole({
    admin,
    viewing: async () => ({ viewer, csrf: "csrf" }),
    clock,
    bot: "Patch",
    vitals: () => ({ ready: true, problems: [], startedAt: 0, budgets: [] }),
    log: createLog("error"),
  });
  for (const template of PAGES) {
    const page = async (path: string) => {
      const response = await app.request(path.replace("LONGEST", encodeURIComponent(longest)));
      if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
      await response.text();
      return undefined;
    };
    yield { what: "page", ...(await asked(template, page)) };
    if (!template.name.startsWith("usage, ")) continue;
    for (const [of, one] of Object.entries(SOME)) {
      viewer = one;
      yield { what: `page, seeing ${of}`, ...(await asked(template, page)) };
      viewer = VIEWER;
    }
  }
}

function adminOver(opened: Opened, clock: Clock): Admin {
  const telnyx = createFakeTelnyx({ now: () => clock.now() });
  const notHere = () => {
    throw new Error("this is not measured");
  };
  const made = createAdmin({
    ...opened,
    clock,
    links,
    telnyx: { ...telnyx, listConversations: () => telnyx.listConversations() },
    exporting: exportingIn(opened.aside, { key: new Uint8Array(32), patterns: [] }),
    signal: new AbortController().signal,
  });
  return { ...made, forget: notHere, hold: notHere, explain: notHere };
}

interface Exported {
  readonly name: string;
  readonly format: "jsonl" | "csv" | "markdown";
  readonly redact: boolean;
  /** It ends behind so many. */
  readonly turns: number;
}

/** Everything in the one format that is taken for it, and of the others as much as tells how quick they are. */
const EXPORTS: readonly Exported[] = [
  { name: "jsonl", format: "jsonl", redact: false, turns: Infinity },
  { name: "csv", format: "csv", redact: false, turns: 200_000 },
  { name: "markdown", format: "markdown", redact: false, turns: 200_000 },
  { name: "jsonl, redacted", format: "jsonl", redact: true, turns: 200_000 },
];

/** For a reader who takes it as fast as it comes. */
async function exporting(admin: Admin, { name, format, redact, turns: most }: Exported) {
  const rss = () => process.memoryUsage().rss / 1e6;
  const stalls = monitorEventLoopDelay({ resolution: 1 });
  const began = used();
  const [before, memory] = [rss(), [] as number[]];
  let [turns, bytes] = [0, 0];
  stalls.enable();
  for await (const part of admin.export(VIEWER, { query: "", redact, format })) {
    turns += part.turns;
    bytes += part.bytes.length;
    if (memory.length < turns / 10_000) memory.push(rss());
    // An export of a few minutes says what one of an hour would.
    if (turns >= most || since(began).wall > 120_000) break;
  }
  stalls.disable();
  const { wall, cpu } = since(began);
  const at = (share: number) => Math.round(memory[Math.floor((memory.length - 1) * share)] ?? before);
  return {
    what: "export",
    name,
    turns,
    megabytes: Math.round(bytes / 1e6),
    turnsPerSecond: Math.round(turns / (wall / 1_000)),
    turnsPerCpuSecond: Math.round(turns / (cpu / 1_000)),
    // How long whatever else the process does had to wait.
    stallMs: {
      median: stalls.percentile(50) / 1e6,
      p99: stalls.percentile(99) / 1e6,
      most: stalls.max / 1e6,
    },
    residentMb: {
      before: Math.round(before),
      quarter: at(0.25),
      half: at(0.5),
      end: at(1),
      most: Math.round(Math.max(...memory)),
    },
  };
}

/** Figures as one line for people. */
export function lineOf(figures: Readonly<Record<string, unknown>>): string {
  const said = Object.entries(figures).flatMap(([key, value]) => {
    if (key === "what") return [];
    return typeof value === "number"
      ? [`${key} ${Math.round(value * 10) / 10}`]
      : [`${key} ${JSON.stringify(value)}`];
  });
  return `${String(figures["what"])}: ${said.join(", ")}`;
}
