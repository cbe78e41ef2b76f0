import type { Message } from "../../src/chat/message.ts";
import type { Place } from "../../src/chat/place.ts";
import type { ReplyEvent } from "../../src/reply/event.ts";
import { textOf } from "../fakes/telnyx.ts";
import { type Bench, openBench } from "./harness.ts";
import type { Scenario, Script } from "./scenario.ts";

export const PAGE_LENGTH = 250;

/** Slack's and Discord's kinds of budget, both at once. */
const BUDGETS = [
  { covers: ["post"], per: "channel", paints: 5, windowMs: 5_000 },
  { covers: ["edit"], per: "workspace", paints: 50, windowMs: 60_000 },
  { covers: ["post", "edit"], per: "place", paints: 5, windowMs: 5_000 },
] as const;

/** Something that was said, with the script that answers it. Its number is in its text, and in the model's answer to it. */
export interface Said {
  readonly number: number;
  readonly message: Message;
  readonly place: Place;
  readonly as: "question" | "gossip" | "bot";
  readonly script: Script;
}

export interface Played {
  readonly bench: Bench;
  readonly places: readonly Place[];
  readonly said: readonly Said[];
  readonly seen: Seen;
}

/** What the run came to, so that a test can tell that it was hard enough. */
export interface Seen {
  kills: number;
  killsInStream: number;
  queued: number;
  overlaps: number;
  historyFailed: boolean;
}

export const answerOf = (number: number, { deltas }: Script) => [`R#${number}; `, ...deltas];

/** Plays a scenario on a bench and waits until everything that was asked is over. */
export async function play(scenario: Scenario, path: string): Promise<Played> {
  const bench = await openBench({ path, pageLength: PAGE_LENGTH, budgets: BUDGETS });
  const { chat, clock, telnyx } = bench;
  const places = [
    chat.openPlace({ channel: "C1" }),
    chat.openPlace({ channel: "C1" }),
    chat.openPlace({ channel: "D1", channelKind: "dm" }),
  ];
  const said: Said[] = [];
  const seen: Seen = { kills: 0, killsInStream: 0, queued: 0, overlaps: 0, historyFailed: false };
  /** How many requests of each place the model works on for the process that runs now. */
  let live = new Map<Place, number>();
  telnyx.persistence = scenario.persistence;
  telnyx.model(modelOf(bench, said, () => live, seen));

  for (const step of scenario.steps) {
    const held = step.kind === "crash" && step.inPost ? chat.hold("post", "after") : undefined;
    await clock.advance(step.after);
    if (step.kind === "say") {
      const number = said.length;
      const place = places[step.place] as Place;
      const script = scenario.scripts[number % scenario.scripts.length] as Script;
      // Before it is handed over: the model may be asked at once.
      const slot: { -readonly [K in keyof Said]: Said[K] } = {
        number,
        place,
        as: step.as,
        script,
        message: {} as Message,
      };
      said.push(slot);
      if (live.get(place)) seen.queued += 1;
      slot.message = await chat.say(place, `Q#${number}; please`, {
        author: step.as === "bot" ? { id: "B9", name: "Beep", kind: "bot" } : {},
        call: { mentionsBot: step.as === "question" },
      });
    } else if (step.kind === "again") {
      const again = said[step.message % Math.max(1, said.length)];
      if (again) await chat.deliver(again.message);
    } else if (step.kind === "fail") {
      chat.fail(step.call, step.failure, { times: step.times });
      seen.historyFailed ||= step.call === "history";
    } else {
      seen.kills += 1;
      seen.killsInStream += Number([...live.values()].some((count) => count > 0));
      live = new Map();
      await bench.crash();
      held?.open();
    }
  }
  await chat.redeliver();
  await idle(bench, () => said.filter(isAddressed).length);
  return { bench, places, said, seen };
}

/** Everything that a person writes in a DM, and what mentions the bot elsewhere. */
export const isAddressed = ({ as, message }: Said) =>
  as === "question" || (as === "gossip" && message.where.channelKind === "dm");

async function idle({ clock, lines }: Bench, turns: () => number): Promise<void> {
  const settled = () => new Set(lines.filter((line) => line.includes('"turn settled"')).map(turnIn)).size;
  for (let i = 0; i < 60 && settled() < turns(); i += 1) await clock.advance(20_000);
  await clock.advance(5_000);
}

const turnIn = (line: string) => (JSON.parse(line) as { turn: number }).turn;

function modelOf(
  { clock, telnyx }: Bench,
  said: readonly Said[],
  liveNow: () => Map<Place, number>,
  seen: Seen,
) {
  const attempts = new Map<number, number>();
  return async function* (request: Parameters<typeof textOf>[0]): AsyncGenerator<ReplyEvent> {
    const number = Number(/Q#(\d+);/.exec(textOf(request))?.[1]);
    const { script, place } = said[number] as Said;
    const attempt = attempts.get(number) ?? 0;
    attempts.set(number, attempt + 1);
    const failure = script.failures[attempt];
    const answer = answerOf(number, script);
    const live = liveNow();
    const add = (change: number) => void live.set(place, (live.get(place) ?? 0) + change);
    if (live.get(place)) seen.overlaps += 1;
    add(1);
    try {
      if (script.thinkMs > 0 && (!failure || failure.reached === "unknown")) {
        yield { kind: "thinking" };
        await clock.sleep(script.thinkMs);
      }
      for (const delta of failure ? answer.slice(0, failure.after) : answer) {
        yield { kind: "text", delta };
        if (script.gapMs > 0) await clock.sleep(script.gapMs);
      }
      if (!failure) {
        yield { kind: "done", ...(script.incomplete !== undefined && { incomplete: script.incomplete }) };
        return;
      }
      const { reason, reached, kept } = failure;
      if (kept === "answer") telnyx.keep(request, answer.join(""));
      yield { kind: "failed", reason, reached, detail: "scripted" };
    } finally {
      add(-1);
    }
  };
}
