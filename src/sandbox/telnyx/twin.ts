import { systemClock, type Clock } from "../../clock.ts";
import { startTwinServer, type Fault, type TwinRequest } from "../server.ts";
import type { StreamFaults } from "./faults.ts";
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
  readonly switches?: Partial<Switches>;
  /** What answers in place of the scripted model. */
  readonly script?: Script;
  readonly speed?: Partial<Speed>;
}

/** How fast the model writes. 0 and 0: everything at once. */
export interface Speed {
  /** Milliseconds from the request to the first token. */
  firstTokenMs: number;
  /** 0: at once. A token is about a word. */
  tokensPerSecond: number;
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
  readonly speed: Speed;
  readonly state: TwinState;
  /** HTTP faults: refusals, cuts, stalls, delays, a lost answer (`swallow`). `refusal()` makes Telnyx's own refusals. */
  inject(fault: Fault): void;
  /** Faults inside the next Responses streams. */
  injectStream(faults: StreamFaults): void;
  /** Replaces the model from the next request on; undefined brings the scripted model back. */
  play(script: Script | undefined): void;
  /** How many Responses requests are being answered now. */
  live(): number;
  /** How often a Responses request came while another of its conversation was being answered. */
  overlaps(): number;
  /** Forgets recorded requests and pending faults; keeps conversations, switches and the script. */
  reset(): void;
  close(): Promise<void>;
}

export async function startTelnyxTwin(options: TelnyxTwinOptions = {}): Promise<TelnyxTwin> {
  const clock = options.clock ?? systemClock;
  const keys = new Map(Object.entries(options.keys ?? { "KEY0000-patchcord-twin": "org-1" }));
  const [[apiKey, organization] = ["", ""]] = keys;
  const switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const speed = { firstTokenMs: 0, tokensPerSecond: 0, ...options.speed };
  const state = createState({ clock, organization });
  const routes = createRoutes({ clock, keys, switches, speed, state, script: options.script });
  const server = await startTwinServer({ handle: routes.handle, port: options.port ?? 0 });
  return {
    url: `${server.url}/v2`,
    apiKey,
    requests: server.requests,
    switches,
    speed,
    state,
    inject: server.inject,
    injectStream: routes.injectStream,
    play: routes.play,
    live: routes.live,
    overlaps: routes.overlaps,
    reset: () => {
      server.reset();
      routes.reset();
    },
    close: async () => {
      routes.close();
      await server.close();
    },
  };
}
