import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTelnyxTwin } from "../../src/sandbox/telnyx/twin.ts";
import { spawnChild, told, until } from "../stage.ts";
import { createModel, tokensOf, WARM_UP, type Answer } from "./answer.ts";
import { showingOf, type Showing } from "./figures.ts";
import { READING_MS, type Scenario } from "./scenarios.ts";
import { openScreen, type Calls } from "./screen.ts";

/** `native`: patchcord with `slack.streaming: native`, which streams in channels as well. */
export type Contestant = "patchcord" | "native" | "chat-sdk";

export interface Setting extends Scenario {
  readonly contestant: Contestant;
  /** Tokens of each answer. */
  readonly tokens: number;
  readonly limits: "documented" | "off";
}

/** A workspace, a model and a bot between them in a process of its own. */
export interface Workspace {
  readonly setting: Setting;
  /** Asks `live` questions, one every `ASK_EVERY_MS`, in each round. Resolves when the model has said its last word. */
  play(): Promise<void>;
  /** Resolves when every answer is whole on screen, or after so long. */
  settle(withinMs: number): Promise<void>;
  /** What has been seen so far. */
  showings(): readonly Showing[];
  calls(): Calls;
  close(): Promise<void>;
}

const ENVIRONMENTS: Readonly<Record<Contestant, Record<string, string>>> = {
  patchcord: {},
  native: { BENCH_STREAMING: "native" },
  "chat-sdk": { BENCH_CHAT_SDK: "1" },
};

/** Between two questions. All at once they would be nothing that happens, and over Discord's 50 requests a second with every bot. */
export const ASK_EVERY_MS = 100;
/** How long after the last question a bot may take to ask the model. */
const START_MS = 2_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens it, and has one short question answered, so that code is loaded and names are known before anything is measured. */
export async function openWorkspace(setting: Setting): Promise<Workspace> {
  const { live, channels, isDirect = false, platform, tokens, limits } = setting;
  const threads = channels < live ? live : 0;
  const screen = await openScreen(platform, { channels, isDirect, threads, limits });
  const telnyx = await startTelnyxTwin({ keep: { requests: 100, bodyBytes: 1_000 } });
  const model = createModel(tokens);
  telnyx.play(model.script);
  const folder = mkdtempSync(join(tmpdir(), "patchcord-bench-"));
  const child = spawnChild({
    ...screen.env,
    ...ENVIRONMENTS[setting.contestant],
    TELNYX_API_KEY: telnyx.apiKey,
    TELNYX_BASE_URL: telnyx.url,
    DATABASE_URL: join(folder, "bench.db"),
    PORT: "0",
  });
  await told(child, "ready");
  const answered = (question: number) => model.answers.get(question);
  const isWhole = (answer: Answer) =>
    showingOf(answer, (screen.sights.get(answer.question) ?? []).slice(-20)).lost === 0;
  await warmUp(
    () => screen.ask(WARM_UP, 0),
    () => {
      const answer = answered(WARM_UP);
      return answer !== undefined && isWhole(answer);
    },
  );
  const before = screen.calls();
  const questions = Array.from({ length: live * setting.rounds }, (_, i) => i);
  return {
    setting,
    play: async () => {
      const began = performance.now();
      for (const question of questions) {
        screen.ask(question, question % live);
        await pause(ASK_EVERY_MS);
        if (question % live < live - 1) continue;
        const isLast = question === questions.length - 1;
        if (setting.roundMs !== undefined && !isLast) {
          const next = began + setting.roundMs * ((question + 1) / live);
          await pause(next - performance.now());
          continue;
        }
        // A question may be dropped, and never come to the model.
        await until("the model's first words", () => telnyx.live() === live, START_MS).catch(() => undefined);
        await until("the model's last word", () => telnyx.live() === 0);
        if (!isLast) await pause(READING_MS);
      }
    },
    settle: async (withinMs) => {
      const deadline = performance.now() + withinMs;
      const open = new Set(questions.filter(answered));
      while (open.size > 0 && performance.now() < deadline) {
        for (const question of open) {
          const answer = answered(question);
          if (answer && isWhole(answer)) open.delete(question);
        }
        await pause(250);
      }
    },
    showings: () =>
      questions.map((question) => {
        const answer = answered(question);
        return answer ? showingOf(answer, screen.sights.get(question) ?? []) : unanswered(question, tokens);
      }),
    calls: () => {
      const now = screen.calls();
      return {
        paints: now.paints - before.paints,
        refused: now.refused - before.refused,
        edits: now.edits - before.edits,
        appends: now.appends - before.appends,
      };
    },
    close: async () => {
      child.kill("SIGKILL");
      await Promise.all([screen.close(), telnyx.close()]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** The model was never asked: the whole answer is lost. */
function unanswered(question: number, tokens: number): Showing {
  const lost = tokensOf(question, tokens).join("").length;
  return { firstMs: Infinity, completeMs: Infinity, ages: [], behind: [], lost, doubled: 0 };
}

/** A bot that is not all there yet may miss the first words: they are said again. */
async function warmUp(ask: () => void, isAnswered: () => boolean): Promise<void> {
  for (let tries = 0; tries < 3 && !isAnswered(); tries += 1) {
    ask();
    await until("the bot is warm", isAnswered, 5_000).catch(() => undefined);
  }
  if (!isAnswered()) throw new Error("the bot does not answer");
}
