// The process that is measured: the bridge, the Chat SDK, or a bare reading loop beside it. It tells its parent when it is ready, and what it
// has used whenever it is asked.
import { eventsFrom } from "./bare.ts";
import { startApp } from "../src/app.ts";
import { systemClock } from "../src/clock.ts";
import { parseConfig } from "../src/config.ts";
import { createLog } from "../src/log.ts";

/** What a child has used since it began: microseconds of processor time, bytes of memory after a collection, events read. */
export interface Used {
  readonly cpuUs: number;
  readonly rss: number;
  readonly heap: number;
  readonly events: number;
}

const counted = { events: 0 };

function used(): Used {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpuUs: user + system, rss, heap: heapUsed, events: counted.events };
}

async function main(): Promise<void> {
  const env = process.env;
  if (env["BENCH_CHAT_SDK"] !== undefined) {
    await (await import("./compare/chat-sdk.ts")).startChatSdk(env);
  } else if (env["BENCH_BARE"] === undefined) {
    const streaming = env["BENCH_STREAMING"];
    const file = streaming && { path: "the bench", text: `slack: { streaming: ${streaming} }\n` };
    const config = parseConfig(env, file || undefined);
    await startApp(config, { clock: systemClock, log: createLog("error") });
  }
  process.on(
    "message",
    (ask: { kind: "used" } | { kind: "read"; url: string; key: string; streams: number }) => {
      if (ask.kind === "used") process.send?.({ kind: "used", used: used() });
      else void readAll(ask).then(() => process.send?.({ kind: "read" }));
    },
  );
  process.on("disconnect", () => process.exit(0));
  process.send?.({ kind: "ready" });
}

async function readAll({ url, key, streams }: { url: string; key: string; streams: number }): Promise<void> {
  await Promise.all(
    Array.from({ length: streams }, async () => {
      for await (const event of eventsFrom(url, key)) if (event) counted.events += 1;
    }),
  );
}

await main();
