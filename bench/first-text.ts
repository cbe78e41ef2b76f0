import type { Piece } from "../src/sandbox/telnyx/script.ts";
import { openStage, type Stage, until } from "./stage.ts";

/** The samples go round so many channels: in a single one, Slack's limit of a post a second would be what is measured. */
const SPREAD = 100;

export interface FirstText {
  readonly live: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly samples: number;
}

/**
 * From a person's message to the reply's first text on screen, less what the model took to say it: the twin answers at once and its
 * own first token's delay is subtracted. Each sample is a new thread, so it pays for the conversation's creation too.
 */
export async function firstText(live: number, samples: number): Promise<FirstText> {
  const stage = await openStage();
  try {
    const open = (count: number) =>
      Array.from({ length: count }, () =>
        stage.slack.addChannel({ name: `c${stage.slack.channels().length}` }),
      );
    await keepAlive(stage, open(live));
    const channels = open(SPREAD);
    const waits: number[] = [];
    for (let i = 0; i < SPREAD + samples; i += 1) {
      const wait = await sample(stage, channels[i % SPREAD] ?? "");
      if (i >= SPREAD) waits.push(wait); // in the first round code is loaded and each channel's name looked up
    }
    waits.sort((a, b) => a - b);
    const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? NaN;
    return { live, medianMs: at(0.5), p99Ms: at(0.99), samples };
  } finally {
    await stage.close();
  }
}

/** One reply in each channel that writes a word every 20 ms until the stage closes. */
async function keepAlive(stage: Stage, channels: readonly string[]): Promise<void> {
  stage.telnyx.play(async function* (_, signal): AsyncGenerator<Piece> {
    while (!signal.aborted) {
      yield { kind: "text", text: "word " };
      yield { kind: "wait", ms: 20 };
    }
  });
  for (const channel of channels)
    stage.slack.say({ channel, user: stage.person, text: `<@${stage.slack.bot.userId}> talk` });
  await until(`${channels.length} live replies`, () => stage.telnyx.live() === channels.length);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
}

async function sample(stage: Stage, channel: string): Promise<number> {
  let spoken = NaN;
  stage.telnyx.play(function* (): Generator<Piece> {
    spoken = performance.now();
    yield { kind: "text", text: "Here is the answer." };
  });
  let asked = NaN;
  let arrived = NaN;
  const shown = Promise.withResolvers<number>();
  let root = "";
  const stop = stage.slack.subscribe((change) => {
    if (
      change.kind === "posted" &&
      change.message.threadTs === root &&
      change.message.user === stage.slack.bot.userId
    )
      shown.resolve(performance.now());
  });
  const seen = stage.telnyx.requests.length;
  asked = performance.now();
  root = stage.slack.say({ channel, user: stage.person, text: `<@${stage.slack.bot.userId}> question` });
  const visible = await shown.promise;
  stop();
  const request = stage.telnyx.requests.slice(seen).find(({ path }) => path.endsWith("/responses"));
  arrived = request ? request.at - performance.timeOrigin : spoken;
  return visible - asked - Math.max(0, spoken - arrived);
}
