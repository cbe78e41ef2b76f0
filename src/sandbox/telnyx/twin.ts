import { systemClock, type Clock } from "../../clock.ts";
import { startTwinServer, type Fault, type TwinHandlers, type TwinRequest } from "../server.ts";
import { namedStreamFault, type StreamFaults } from "./faults.ts";
import type { Fields } from "./fields.ts";
import { answerAsModel } from "./model.ts";
import { DEFAULT_MODELS, type TwinModel } from "./models.ts";
import type { Speed } from "./pace.ts";
import { createResponses } from "./responses.ts";
import { createRoutes } from "./routes.ts";
import type { Script } from "./script.ts";
import { createState, type TwinState } from "./state.ts";
import { DEFAULT_SWITCHES, type Switches } from "./switches.ts";

export interface TelnyxTwinOptions {
  /** 0, or left out: any free port. */
  readonly port?: number;
  readonly clock?: Clock;
  /** API key to organization. Left out: one key of an organization `org-1`. */
  readonly keys?: Readonly<Record<string, string>>;
  readonly models?: readonly TwinModel[];
  readonly switches?: Partial<Switches>;
  /** What answers in place of the scripted model. */
  readonly script?: Script;
  readonly speed?: Partial<Speed>;
  /** How much is recorded, for load tests. Left out: everything. */
  readonly keep?: NonNullable<TwinHandlers["keep"]>;
}

/** A loopback Telnyx: the Conversations, Responses and models endpoints, strict, scripted, and able to fail on demand. */
export interface TelnyxTwin {
  /** `http://127.0.0.1:port/v2`: what `TELNYX_BASE_URL` is set to. */
  readonly url: string;
  /** The first key. */
  readonly apiKey: string;
  /** Every request that came, in order. Paths start with `/v2`. */
  readonly requests: readonly TwinRequest[];
  /** May be changed at any time; the next request goes by it. */
  readonly switches: Switches;
  /** May be changed at any time; the next answer goes by it. */
  readonly speed: Speed;
  readonly state: TwinState;
  /** HTTP faults: refusals, cuts, stalls, delays, a lost answer (`swallow`). `refusal()` makes Telnyx's own refusals. */
  readonly inject: (fault: Fault) => void;
  /** Faults inside the next Responses streams. */
  readonly injectStream: (faults: StreamFaults) => void;
  /** Replaces the model from the next request on; undefined brings the scripted model back. */
  readonly play: (script: Script | undefined) => void;
  /** How many Responses requests are being answered now. */
  readonly live: () => number;
  /** How often a Responses request came while another of its conversation was being answered. */
  readonly overlaps: () => number;
  /** Forgets recorded requests and pending faults; keeps conversations, switches and the script. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

export async function startTelnyxTwin(options: TelnyxTwinOptions = {}): Promise<TelnyxTwin> {
  const { clock = systemClock, models = DEFAULT_MODELS } = options;
  const keys = new Map(Object.entries(options.keys ?? { "KEY0000-patchcord-twin": "org-1" }));
  const [[apiKey, organization] = ["", ""]] = keys;
  const switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const speed = { firstTokenMs: 0, tokensPerSecond: 0, ...options.speed };
  const state = createState({ clock, organization });
  const faults = createFaultQueue();
  let script = options.script;

  const responses = createResponses({
    clock,
    state,
    switches,
    speed,
    models,
    script: () => script ?? answerAsModel,
    faultsFor: (headers, body) => {
      const named = namedStreamFault(headers["x-twin-fault"] ?? "");
      return named ? [named] : faults.take(body);
    },
  });
  const handle = createRoutes({ clock, keys, switches, state, models, responses });
  const server = await startTwinServer({ handle, port: options.port ?? 0, keep: options.keep ?? {} });

  return {
    url: `${server.url}/v2`,
    apiKey,
    requests: server.requests,
    switches,
    speed,
    state,
    inject: server.inject,
    injectStream: faults.add,
    play: (next) => void (script = next),
    live: responses.live,
    overlaps: responses.overlaps,
    reset: () => {
      server.reset();
      faults.clear();
    },
    close: () => {
      responses.stopAll();
      return server.close();
    },
  };
}

/** Stream faults that wait for their request, the oldest first. */
function createFaultQueue() {
  let waiting: { faults: StreamFaults; left: number }[] = [];
  return {
    add: (faults: StreamFaults) => void waiting.push({ faults, left: faults.times ?? 1 }),
    take: (body: Fields) => {
      const struck = waiting.find(({ faults }) => faults.matches?.(body) ?? true);
      if (!struck) return [];
      struck.left -= 1;
      waiting = waiting.filter(({ left }) => left > 0);
      return struck.faults.faults;
    },
    clear: () => void (waiting = []),
  };
}
