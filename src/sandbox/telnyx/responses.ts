import type { ServerResponse } from "node:http";
import type { Clock } from "../../clock.ts";
import { admit } from "./admission.ts";
import type { Answer } from "./answers.ts";
import type { Call } from "./conversations.ts";
import type { StreamFault } from "./faults.ts";
import { readJson, type Fields } from "./fields.ts";
import { disturbFrames, withoutTerminalOutput } from "./frame-faults.ts";
import type { Frame } from "./frame.ts";
import { createLimiter } from "./limiter.ts";
import type { TwinModel } from "./models.ts";
import { pace, type Speed } from "./pace.ts";
import { disturbPieces } from "./piece-faults.ts";
import { framesOf } from "./run.ts";
import type { ModelRequest, Script } from "./script.ts";
import { wireForm } from "./sse.ts";
import type { TwinMessage, TwinState } from "./state.ts";
import { createStoring } from "./storing.ts";
import type { Switches } from "./switches.ts";
import { readTurn, type TurnRequest } from "./turn.ts";
import { messageTokens } from "./usage.ts";
import { answerWhole } from "./whole.ts";
import { writeStream } from "./writer.ts";

export interface ResponsesDeps {
  readonly clock: Clock;
  readonly state: TwinState;
  readonly switches: Switches;
  readonly speed: Readonly<Speed>;
  readonly models: readonly TwinModel[];
  readonly script: () => Script;
  /** The stream faults that strike a request. */
  readonly faultsFor: (headers: Readonly<Record<string, string>>, body: Fields) => readonly StreamFault[];
}

/** A turn at work. */
interface Work {
  readonly turn: TurnRequest;
  readonly history: readonly TwinMessage[];
  readonly faults: readonly StreamFault[];
  /** Aborts when the model is to stop. */
  readonly stop: AbortController;
}

/** `POST /ai/openai/responses`, streamed and not. */
export function createResponses(deps: ResponsesDeps) {
  const running = new Map<Work, string | undefined>();
  const limit = createLimiter(deps);
  const isRunning = (conversation: string) => [...running.values()].includes(conversation);
  let overlaps = 0;

  const handle = async (
    { request, organization }: Call,
    response: ServerResponse,
  ): Promise<Answer | undefined> => {
    const turn = readTurn(readJson(request));
    for (const [name, value] of Object.entries(limit(organization))) response.setHeader(name, value);
    const history = admit({ ...deps, isRunning }, turn, organization);
    const faults = deps.faultsFor(request.headers, turn.body);
    if (turn.conversation !== undefined && isRunning(turn.conversation)) overlaps += 1;
    const work: Work = { turn, history, faults, stop: new AbortController() };
    running.set(work, turn.conversation);
    try {
      return await answer(deps, work, response);
    } finally {
      running.delete(work);
    }
  };

  return {
    handle,
    live: () => running.size,
    overlaps: () => overlaps,
    stopAll: () => {
      for (const { stop } of running.keys()) stop.abort();
    },
  };
}

async function answer(
  deps: ResponsesDeps,
  work: Work,
  response: ServerResponse,
): Promise<Answer | undefined> {
  const { turn, faults, stop } = work;
  const form = wireForm(faults);
  const finish = deps.switches.disconnect === "finish" || (form.breakAt?.persisted ?? false);
  const gone = new AbortController();
  response.once("close", () => {
    gone.abort();
    if (!finish) stop.abort();
  });
  const frames = framesFor(deps, work);
  if (!turn.stream || faults.some((fault) => fault.kind === "json"))
    return answerWhole(response, frames, gone.signal);
  const shown = deps.switches.terminalOutput === "empty" ? withoutTerminalOutput(frames) : frames;
  await writeStream(response, shown, { form, finish, gone: gone.signal });
  return undefined;
}

/** The model at work on a turn: from the script's pieces to the stream's frames, with the faults in between. */
function framesFor(deps: ResponsesDeps, { turn, history, faults, stop }: Work): AsyncIterable<Frame> {
  const { signal } = stop;
  const request = modelRequest(turn, history);
  const storing = createStoring(deps, turn);
  storing.begin();
  const pieces = pace(() => deps.script()(request, signal), { ...deps, signal });
  const frames = framesOf({
    model: turn.model,
    conversation: turn.conversation,
    instructions: turn.instructions,
    createdAt: Math.floor(deps.clock.now() / 1000),
    tokens: { history: messageTokens(history), input: messageTokens(turn.input) },
    pieces: disturbPieces(pieces, faults),
    switches: deps.switches,
    settle: storing.settle,
  });
  return disturbFrames(frames, faults);
}

function modelRequest(turn: TurnRequest, history: readonly TwinMessage[]): ModelRequest {
  const stored = history.findLast((message) => message.role === "system")?.text ?? undefined;
  return { ...turn, history, instructions: turn.instructions ?? stored };
}
