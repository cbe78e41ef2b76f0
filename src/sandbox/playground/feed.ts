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
/** Typing ends without a word. */
const SIGNS_MS = 2_000;

interface Pending {
  readonly messages: Map<string, Extract<Touch, { kind: "message" | "gone" }>>;
  rooms: boolean;
  signs: boolean;
}

/** Watches the sides, and tells its listeners of the newest state of what changed. */
export function createFeed(sides: readonly Side[]): Feed {
  const listeners = new Set<(change: Change) => void>();
  const pending = new Map<SideName, Pending>();
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    timer = undefined;
    const changed = sides.flatMap((side) => {
      const news = pending.get(side.name);
      return news && listeners.size > 0 ? [[side.name, changeOf(side, news)] as const] : [];
    });
    pending.clear();
    if (changed.length === 0) return;
    const change: Change = Object.fromEntries(changed);
    for (const listener of listeners) listener(change);
  };
  const note = (side: SideName, touch: Touch) => {
    const news = pending.get(side) ?? { messages: new Map(), rooms: false, signs: false };
    pending.set(side, news);
    if (touch.kind === "message" || touch.kind === "gone")
      news.messages.set(`${touch.room} ${touch.id}`, touch);
    else news[touch.kind] = true;
    timer ??= setTimeout(flush, COALESCE_MS);
  };

  const unwatch = sides.map((side) => side.watch((touch) => note(side.name, touch)));
  const signs = setInterval(() => {
    for (const { name } of sides) note(name, { kind: "signs" });
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

function changeOf(side: Side, { messages, rooms, signs }: Pending): SideChange {
  const touched = [...messages.values()];
  return {
    messages: touched.flatMap((touch) => (touch.kind === "message" ? [touch.make()] : [])),
    gone: touched.flatMap(({ kind, room, id }) => (kind === "gone" ? [{ room, id }] : [])),
    ...(rooms && { rooms: side.rooms() }),
    ...(signs && { signs: side.signs() }),
  };
}
