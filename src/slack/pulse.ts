import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Clock } from "../clock.ts";
import { record } from "./json.ts";

/** So many pings in a row must bring nothing back before a socket counts as silent. */
const PINGS = 3;

/** Whether anything at all is heard on a socket that is pinged. */
export interface Pulse {
  /** Something came. */
  beat(): void;
  /** Pings and pongs of the socket at this address are beats too. */
  follow(address: string): void;
  /** Something came after the last ping but one. */
  isFresh(): boolean;
  /** Resolves when the socket is silent; never, once stopped. */
  silence(): Promise<void>;
  stop(): void;
}

export function createPulse({ clock, pingEveryMs }: { clock: Clock; pingEveryMs: number }): Pulse {
  const over = new AbortController();
  let beats = 0;
  let lastBeat = clock.monotonic();
  const beat = () => {
    beats += 1;
    lastBeat = clock.monotonic();
  };
  /** Counts pings and not time, so that a process that stood still for a while does not blame Slack for it. */
  const watch = async () => {
    let quiet = 0;
    while (quiet < PINGS) {
      const before = beats;
      await clock.sleep(pingEveryMs, over.signal);
      quiet = beats === before ? quiet + 1 : 0;
    }
  };
  return {
    beat,
    follow: (address) => {
      if (!over.signal.aborted) over.signal.addEventListener("abort", onPingAndPong(address, beat));
    },
    isFresh: () => !over.signal.aborted && clock.monotonic() - lastBeat <= pingEveryMs * 1.5,
    silence: () => new Promise((resolve) => void watch().then(resolve, () => {})),
    stop: () => over.abort(),
  };
}

/** undici tells of every socket of the process by these channels; a socket's address is its own alone. Returns what ends it. */
function onPingAndPong(address: string, beat: () => void): () => void {
  const mine = URL.canParse(address) ? new URL(address).href : address;
  const listener = (message: unknown) => {
    if (record(record(message)["websocket"])["url"] === mine) beat();
  };
  const channels = ["undici:websocket:ping", "undici:websocket:pong"];
  for (const channel of channels) subscribe(channel, listener);
  return () => channels.forEach((channel) => unsubscribe(channel, listener));
}
