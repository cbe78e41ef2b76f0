import type { Side, SideChange, SideName, Touch } from "./view.ts";

/** What changed since the last time, on both sides. */
export type Change = Readonly<Partial<Record<SideName, SideChange>>>;

export interface Feed {
  /** Every change from now on, at most one each `COALESCE_MS`. Returns what ends it. */
  listen(listener: (change: Change) => void): () => void;
  close(): void;
}

/** A person sees no difference, and a burst of events is rendered and sent once. */
const COALESCE_MS = 50;
/** Typing ends without a word: so often is looked. */
const SIGNS_MS = 2_000;

/** Watches the sides, and tells its listeners of the newest state of what changed. */
export function createFeed(sides: readonly Side[]): Feed {
  const listeners = new Set<(change: Change) => void>();
  const collectors = sides.map((side) => ({ side, ...createCollector(side) }));
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    timer = undefined;
    const changes = collectors.flatMap(({ side, take }) => {
      const change = take();
      return change ? [[side.name, change] as const] : [];
    });
    if (changes.length === 0) return;
    const change: Change = Object.fromEntries(changes);
    for (const listener of listeners) listener(change);
  };
  const soon = () => void (timer ??= setTimeout(flush, COALESCE_MS));

  const unwatch = collectors.map(({ side, note }) =>
    side.watch((touch) => {
      // Who comes later begins with a snapshot.
      if (listeners.size === 0) return;
      note(touch);
      soon();
    }),
  );
  const signs = setInterval(() => {
    for (const { note } of collectors) note({ kind: "signs" });
    soon();
  }, SIGNS_MS);
  return {
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      clearTimeout(timer);
      clearInterval(signs);
      for (const end of unwatch) end();
      listeners.clear();
    },
  };
}

/** Keeps what was touched on one side, each message once, until it is taken. */
function createCollector(side: Side) {
  const messages = new Map<string, Extract<Touch, { kind: "message" | "gone" }>>();
  const touched = { rooms: false, signs: false };
  let signsTold = "";

  const newSigns = () => {
    const signs = side.signs();
    const isTold = JSON.stringify(signs) === signsTold;
    signsTold = JSON.stringify(signs);
    return isTold ? undefined : signs;
  };
  return {
    note: (touch: Touch) => {
      if (touch.kind === "message" || touch.kind === "gone") messages.set(`${touch.room} ${touch.id}`, touch);
      else touched[touch.kind] = true;
    },
    /** What there is to tell, rendered now. */
    take: (): SideChange | undefined => {
      const rooms = touched.rooms ? side.rooms() : undefined;
      const signs = touched.signs ? newSigns() : undefined;
      const all = [...messages.values()];
      messages.clear();
      touched.rooms = touched.signs = false;
      if (all.length === 0 && !rooms && !signs) return undefined;
      return {
        messages: all.flatMap((touch) => (touch.kind === "message" ? [touch.make()] : [])),
        gone: all.flatMap(({ kind, room, id }) => (kind === "gone" ? [{ room, id }] : [])),
        ...(rooms && { rooms }),
        ...(signs && { signs }),
      };
    },
  };
}
