/*
 * A machine that has too much to do keeps a process waiting, and its lease runs out: eight times as soon as in earnest. That is an interruption like a
 * freeze, and none of the bot's making. So it is watched for, from outside of the bot: by a timer, and by how long the database takes.
 */

/** Notes that somebody was kept waiting, from when until when: milliseconds since the epoch, real. */
export type NoteWait = (at: number, until: number) => void;

/** The bot's own time. A lease is given up 5 s after a renewal that did not come: both of these together are shorter. */
const LATE_TIMER_MS = 1_500;
const SLOW_CALL_MS = 2_500;

const TICK_MS = 50;

/** Notes when this process was kept from running. Returns what ends the watch. */
export function watchTimer(factor: number, note: NoteWait): () => void {
  let expected = Date.now() + TICK_MS;
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - expected > LATE_TIMER_MS / factor) note(expected, now);
    expected = now + TICK_MS;
  }, TICK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The port, where each call that takes long is noted. */
export function watchCalls<T extends object>(port: T, factor: number, note: NoteWait): T {
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => {
        const at = Date.now();
        const look = () => {
          if (Date.now() - at > SLOW_CALL_MS / factor) note(at, Date.now());
        };
        const result: unknown = Reflect.apply(member, target, args);
        if (result instanceof Promise) void result.then(look, look);
        return result;
      };
    },
  });
}
