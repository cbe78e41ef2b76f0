import type { Piece } from "../src/sandbox/telnyx/script.ts";
import { openStage, until } from "./stage.ts";

export interface Memory {
  readonly live: number;
  readonly rssKb: number;
  readonly heapKb: number;
}

/** Memory that one live reply takes: what the bridge's process grew by, with `live` replies live, divided by them. */
export async function memory(live: number, env: Record<string, string> = {}): Promise<Memory> {
  const stage = await openStage(env);
  try {
    const channels = Array.from({ length: 100 }, (_, i) => stage.slack.addChannel({ name: `c${i}` }));
    stage.telnyx.play(async function* (_, signal): AsyncGenerator<Piece> {
      yield { kind: "text", text: "An answer that has begun, and goes on. ".repeat(20) };
      while (!signal.aborted) {
        yield { kind: "wait", ms: 1_000 };
        yield { kind: "text", text: "word " };
      }
    });
    const start = async (count: number) => {
      const target = stage.telnyx.live() + count;
      for (let i = 0; i < count; i += 1) {
        stage.slack.say({
          channel: channels[i % channels.length] ?? "",
          user: stage.person,
          text: `<@${stage.slack.bot.userId}> talk`,
        });
        if (i % 50 === 49)
          await until("the burst was taken", () => stage.telnyx.live() >= target - count + i - 49);
      }
      await until(`${target} live replies`, () => stage.telnyx.live() >= target);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
    };
    await start(20);
    const before = await stage.used();
    await start(live - 20);
    const after = await stage.used();
    const each = (bytes: number) => bytes / 1_024 / (live - 20);
    return { live, rssKb: each(after.rss - before.rss), heapKb: each(after.heap - before.heap) };
  } finally {
    await stage.close();
  }
}
