// npm run bench: figures of one run, on loopback twins. Absolute numbers depend on the machine; the ratios are what counts.
import { archiveFigures, lineOf } from "./archive.ts";
import { firstText } from "./first-text.ts";
import { mailboxFigures } from "./mailbox.ts";
import { memory } from "./memory.ts";
import { paging } from "./paging.ts";
import { processor } from "./processor.ts";
import { start } from "./start.ts";

const only = process.argv[2];
const wanted = (name: string) => only === undefined || only === name;
const round = (value: number) => Math.round(value * 10) / 10;
const results: Record<string, unknown> = { node: process.version, date: new Date().toISOString() };

if (wanted("first-text")) {
  const [alone, crowded] = [await firstText(1, 200), await firstText(100, 200)];
  results["firstText"] = [alone, crowded];
  for (const { live, medianMs, p99Ms } of [alone, crowded]) {
    console.log(
      `message to first visible text, ${live} live: median ${round(medianMs)} ms, p99 ${round(p99Ms)} ms`,
    );
  }
  console.log(`  ratio of the medians, 100 live to 1: ${round(crowded.medianMs / alone.medianMs)}`);
}
if (wanted("processor")) {
  const result = await processor(100, 600);
  results["processor"] = result;
  console.log(
    `processor time per streamed event: bridge ${round(result.bridgeUs)} us, bare loop ${round(result.bareUs)} us, ratio ${round(result.ratio)}`,
  );
}
if (wanted("paging")) {
  const result = paging({ pageLength: 2_000 }, 10_000, 5_000_000);
  results["paging"] = result;
  console.log(
    `paging a delta: ${round(result.shortUs)} us behind 10 kB, ${round(result.longUs)} us behind 5 MB, ratio ${round(result.ratio)} (${round(result.joinedRatio)} with joining the text); 5 MB at once: ${round(result.wholeUs)} us for each kB`,
  );
}
if (wanted("memory")) {
  const result = await memory(1_000);
  results["memory"] = result;
  console.log(
    `memory per live reply at ${result.live}: ${round(result.rssKb)} kB resident, ${round(result.heapKb)} kB heap`,
  );
}
if (wanted("start")) {
  const result = await start(5);
  results["start"] = result;
  console.log(
    `start to ready: median ${round(result.medianMs)} ms (node alone ${round(result.bareNodeMs)} ms)`,
  );
}
if (wanted("mailbox")) {
  const all: unknown[] = [];
  results["mailbox"] = all;
  for await (const figures of mailboxFigures(1_000_000)) {
    const { engine, pickup, drain, bareCommitsPerSecond, claim, handOverMs } = figures;
    all.push(figures);
    for (const { places, medianMs, p99Ms } of pickup)
      console.log(
        `${engine}: stored and picked up among ${places} places: median ${round(medianMs)} ms, p99 ${round(p99Ms)} ms`,
      );
    console.log(
      `${engine}: ${Math.round(drain.turnsPerSecond)} turns a second, ${drain.processorMs.toFixed(2)} ms of processor time each`,
    );
    if (bareCommitsPerSecond !== undefined)
      console.log(`${engine}: the disk takes ${Math.round(bareCommitsPerSecond)} bare commits a second`);
    for (const { places, turnMs, sweepMs } of claim)
      console.log(
        `${engine}: a turn among ${places} places at rest ${round(turnMs)} ms, an empty sweep ${round(sweepMs)} ms`,
      );
    if (handOverMs !== undefined)
      console.log(`${engine}: hand-over after kill -9: ${round(handOverMs)} ms at most`);
  }
}
if (only === "archive") {
  const all: unknown[] = [];
  results["archive"] = all;
  for await (const figures of archiveFigures(
    Number(process.argv[3] ?? 1_000_000),
    process.argv[4],
    process.argv[5],
  )) {
    all.push(figures);
    console.log(lineOf(figures));
  }
}
if (only === "compare")
  Object.assign(results, await (await import("./compare/compare.ts")).compare(process.argv.slice(3)));
console.log(JSON.stringify(results));
process.exit(0);
