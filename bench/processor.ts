import type { Piece } from "../src/sandbox/telnyx/script.ts";
import { startTelnyxTwin } from "../src/sandbox/telnyx/twin.ts";
import { openStage, spawnChild, told, until, usedBy } from "./stage.ts";

export interface Processor {
  readonly streams: number;
  readonly eventsEach: number;
  readonly bridgeUs: number;
  readonly bareUs: number;
  readonly ratio: number;
}

/** `count` words, a word every 20 ms: what a quick model sends. The twin makes one event of each, for the space is before it. */
const talk = (count: number) =>
  async function* (): AsyncGenerator<Piece> {
    for (let i = 0; i < count; i += 1) {
      yield { kind: "text", text: " word" };
      yield { kind: "wait", ms: 20 };
    }
  };

/**
 * Processor time per streamed event: the bridge, with everything it does for a reply (store, pages, paints), beside a process that only
 * frames and parses the same streams. What both use while idle is subtracted.
 */
export async function processor(streams: number, eventsEach: number): Promise<Processor> {
  const bridgeUs = await byBridge(streams, eventsEach);
  const bareUs = await byBareLoop(streams, eventsEach);
  return { streams, eventsEach, bridgeUs, bareUs, ratio: bridgeUs / bareUs };
}

/** Microseconds an event. `env` is added to the child's: it may make another bot of it. */
export async function byBridge(
  streams: number,
  eventsEach: number,
  env: Record<string, string> = {},
): Promise<number> {
  const stage = await openStage(env);
  try {
    const channels = Array.from({ length: streams }, (_, i) => stage.slack.addChannel({ name: `c${i}` }));
    const round = async (words: number) => {
      stage.telnyx.play(talk(words));
      const before = await stage.used();
      for (const channel of channels)
        stage.slack.say({ channel, user: stage.person, text: `<@${stage.slack.bot.userId}> talk` });
      await until("every stream open", () => stage.telnyx.live() === streams);
      await until("every stream sent", () => stage.telnyx.live() === 0);
      // What was sent may not have been read yet, and what was read not shown.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      return (await stage.used()).cpuUs - before.cpuUs;
    };
    await round(100);
    return (await round(eventsEach)) / (streams * eventsEach);
  } finally {
    await stage.close();
  }
}

async function byBareLoop(streams: number, eventsEach: number): Promise<number> {
  const telnyx = await startTelnyxTwin({ keep: { requests: 100, bodyBytes: 1_000 } });
  const child = spawnChild({ BENCH_BARE: "1" });
  await told(child, "ready");
  try {
    const round = async (words: number) => {
      telnyx.play(talk(words));
      const before = await usedBy(child);
      const done = told(child, "read");
      child.send({ kind: "read", url: telnyx.url, key: telnyx.apiKey, streams });
      await done;
      return (await usedBy(child)).cpuUs - before.cpuUs;
    };
    await round(5);
    return (await round(eventsEach)) / (streams * eventsEach);
  } finally {
    child.kill("SIGKILL");
    await telnyx.close();
  }
}
