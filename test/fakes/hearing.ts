import type { Message } from "../../src/chat/message.ts";
import type { Condition, Listener } from "../../src/chat/platform.ts";
import type { World } from "./process.ts";

/** The only part of the fake's connection. */
const PART = "";

/** One process's connection: whether it is told what people say. */
export interface Hearing {
  open(listener: Listener): void;
  /** Loses the connection: what is said from now on, it is not told. */
  cut(): void;
  /** Gets it back; `resumed`, it is told first what was said meanwhile. */
  restore(options: { resumed: boolean }): Promise<void>;
  /** Tells of any other condition. */
  tell(condition: Condition): void;
  close(): void;
}

export function createHearing(world: World): Hearing {
  let listener: Listener | undefined;
  let lastHeard = 0;

  const join = (hearing: Listener, resumed: boolean) => {
    world.listeners.push(hearing);
    hearing.changed({ part: PART, kind: "listening", resumed });
  };
  const leave = () => {
    const at = listener ? world.listeners.indexOf(listener) : -1;
    if (at >= 0) world.listeners.splice(at, 1);
    lastHeard = world.chat.said().length;
  };
  return {
    open: (hearing) => {
      listener = hearing;
      join(hearing, false);
    },
    cut: () => {
      leave();
      listener?.changed({ part: PART, kind: "connecting", why: "the fake was cut off" });
    },
    restore: async ({ resumed }) => {
      if (!listener) return;
      const replayed: readonly Message[] = resumed ? world.chat.said().slice(lastHeard) : [];
      join(listener, resumed);
      for (const message of replayed) await listener.receive(message).catch(() => world.lost.push(message));
    },
    tell: (condition) => listener?.changed(condition),
    close: () => {
      leave();
      listener = undefined;
    },
  };
}
