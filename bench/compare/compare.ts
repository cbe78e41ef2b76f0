import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { memory } from "../memory.ts";
import { byBridge, processor } from "../processor.ts";
import { TOKENS_PER_SECOND, tokensOf } from "./answer.ts";
import { limitRows, markdownTable, rowOf, type Row, tableOf } from "./outcome.ts";
import { FULL, nameOf, type Plan, QUICK, type Scenario } from "./scenarios.ts";
import { ASK_EVERY_MS, type Contestant, openWorkspace, type Workspace } from "./workspace.ts";

const CONTESTANTS: readonly Contestant[] = ["patchcord", "native", "chat-sdk"];
const NAMES = {
  patchcord: "patchcord",
  native: "patchcord, streaming: native",
  "chat-sdk": "Chat SDK 4.41.1",
};
const INSTALLED = new URL("./node_modules", import.meta.url);
const RESULTS = new URL("../RESULTS.md", import.meta.url);

interface Load {
  readonly who: string;
  readonly cpuUs: number;
  readonly bareUs: number;
  readonly rssKb: number;
  readonly heapKb: number;
}

/**
 * `npm run bench -- compare [slack | discord] [--quick] [--save]`: patchcord and the Vercel Chat SDK on the same twins, with the same model and the same
 * limits, each in processes of its own, and the best that the limits allow. Prints tables and JSON.
 */
export async function compare(args: readonly string[]): Promise<object> {
  if (!existsSync(INSTALLED)) throw new Error("the Chat SDK is not installed: npm ci --prefix bench/compare");
  const plan = planFor(args);
  const began = performance.now();
  const rows = await playAll(plan);
  const loads = plan.load ? await loadsOf() : [];
  const seconds = Math.round((performance.now() - began) / 1_000);
  const report = reportOf({ rows, loads, seconds, command: ["compare", ...args].join(" ") });
  console.log(report);
  if (args.includes("--save")) save(report);
  return { compare: { rows, loads, seconds } };
}

/** Of one platform alone, what both have in common is left out. */
function planFor(args: readonly string[]): Plan {
  const plan = args.includes("--quick") ? QUICK : FULL;
  const scenarios = plan.scenarios.filter(({ platform }) => args.includes(platform));
  return scenarios.length === 0 ? plan : { ...plan, scenarios, load: false };
}

/** Every scenario's workspaces are opened first, then played one after the other, so that they do not share the processor; ends may overlap. */
async function playAll({ scenarios, tokens, patienceMs }: Plan): Promise<readonly Row[]> {
  const opened: Workspace[] = [];
  for (const scenario of scenarios) {
    const all = contestantsIn(scenario).map((contestant) =>
      openWorkspace({ ...scenario, contestant, tokens, limits: "documented" }),
    );
    opened.push(...(await Promise.all(all)));
  }
  const ends: Promise<void>[] = [];
  const play = async (workspace: Workspace) => {
    const { contestant, platform } = workspace.setting;
    console.error(`${NAMES[contestant]}, ${platform}, ${nameOf(workspace.setting)} live`);
    await workspace.play();
    ends.push(workspace.settle(patienceMs));
  };
  const isBusy = ({ setting }: Workspace) => setting.roundMs !== undefined;
  const isSingle = ({ setting }: Workspace) => setting.live === 1;
  const crowds = opened.filter((one) => !isBusy(one) && !isSingle(one));
  for (const workspace of crowds) await play(workspace);
  // What is little work for a long time is played together.
  await Promise.all(opened.filter(isSingle).map(play));
  await Promise.all(opened.filter(isBusy).map(play));
  await Promise.all(ends);
  const characters = tokensOf(0, tokens).join("").length;
  const pace = { modelMs: ((tokens - 1) / TOKENS_PER_SECOND) * 1_000, everyMs: ASK_EVERY_MS, characters };
  const rows = scenarios.flatMap((scenario) => [
    ...CONTESTANTS.flatMap((contestant) => opened.filter((one) => isOf(one, scenario, contestant))).map(
      (one) =>
        rowOf(scenario, NAMES[one.setting.contestant], {
          showings: one.showings(),
          calls: one.calls(),
          pace,
        }),
    ),
    ...limitRows(scenario, pace),
  ]);
  await Promise.all(opened.map((one) => one.close()));
  return rows;
}

/** Who plays: patchcord with its other setting only where that makes a difference. */
function contestantsIn({ platform, isDirect = false }: Scenario): readonly Contestant[] {
  return CONTESTANTS.filter((one) => one !== "native" || (platform === "slack" && !isDirect));
}

function isOf({ setting }: Workspace, scenario: Scenario, contestant: Contestant): boolean {
  const isSame = setting.platform === scenario.platform && nameOf(setting) === nameOf(scenario);
  return isSame && setting.contestant === contestant;
}

/** On Slack, with the twin's limits off: what is measured is work, not waiting. */
async function loadsOf(): Promise<readonly Load[]> {
  const { bridgeUs, bareUs } = await processor(100, 600);
  const chatSdk = { BENCH_CHAT_SDK: "1" };
  const chatSdkUs = await byBridge(100, 600, chatSdk);
  const [own, theirs] = [await memory(1_000), await memory(1_000, chatSdk)];
  return [
    { who: NAMES.patchcord, cpuUs: bridgeUs, bareUs, rssKb: own.rssKb, heapKb: own.heapKb },
    { who: NAMES["chat-sdk"], cpuUs: chatSdkUs, bareUs, rssKb: theirs.rssKb, heapKb: theirs.heapKb },
  ];
}

interface Findings {
  readonly rows: readonly Row[];
  readonly loads: readonly Load[];
  readonly seconds: number;
  readonly command: string;
}

function reportOf({ rows, loads, seconds, command }: Findings): string {
  const { model = "unknown processor" } = cpus()[0] ?? {};
  const tables = ["slack", "discord"].flatMap((platform) => {
    const title = platform === "slack" ? "### Slack" : "### Discord";
    const own = rows.filter((row) => row.platform === platform);
    return own.length > 0 ? [`${title}\n\n${tableOf(own)}`] : [];
  });
  const head = ["who", "us an event", "times the bare loop", "resident kB a reply", "heap kB a reply"];
  const lines = loads.map(({ who, cpuUs, bareUs, rssKb, heapKb }) => [
    who,
    ...[cpuUs, cpuUs / bareUs, rssKb, heapKb].map((value) => value.toFixed(1)),
  ]);
  const load = lines.length > 0 ? `\n\n### Work\n\n${markdownTable([head, ...lines])}` : "";
  const where = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${model}, Node ${process.version}, ${seconds} s`;
  return `## Beside the Chat SDK\n\n\`npm run bench -- ${command}\`: ${where}.\n\n${tables.join("\n\n")}${load}`;
}

/** Puts the report in the place of the last one, and leaves what else stands in the file. */
function save(report: string): void {
  const before = existsSync(RESULTS) ? readFileSync(RESULTS, "utf8") : "# Results\n";
  const section = /(?<=\n)## Beside the Chat SDK\n[\s\S]*?(?=\n## |$)/u;
  const after = section.test(before)
    ? before.replace(section, () => `${report}\n`)
    : `${before.trimEnd()}\n\n${report}\n`;
  writeFileSync(RESULTS, after);
}
