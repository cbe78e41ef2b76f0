import type { Listener } from "../../src/chat/platform.ts";

/** Somebody to tell things to, who cares for messages alone. */
export function listener(receive: Listener["receive"] = async () => {}): Listener {
  return { receive, press: async () => undefined, command: async () => "", changed: () => {} };
}
