import type { Listener, Platform } from "../../src/chat/platform.ts";
import type { Opened } from "../../src/store/open.ts";
import type { Telnyx } from "../../src/telnyx/telnyx.ts";

/** What a step is about, as far as its arguments tell. */
export interface About {
  readonly place?: string;
  readonly turn?: number;
  readonly key?: string;
  /** The claim by which it is done: it grows with each change of hands. */
  readonly epoch?: number;
}

/** Is told of each step that the bot takes, in order, before it goes on. May end the process. */
export type Steps = (step: string, about: About) => void;

/**
 * How long after its start a request counts as sent, and after its message's storing an acknowledgement: both happen in libraries, within
 * a millisecond or two on loopback.
 */
const PASSED_ON_MS = 5;

/** Calls that come by themselves, at any time: not steps. */
const PERIODIC = new Set(["sweep", "renew", "listenedUntil", "markListened", "recentPlaces", "takesPart"]);

/** The database, each of its calls a step before and after. */
export function stepDatabase(database: Opened, steps: Steps): Opened {
  return {
    ...database,
    mailbox: stepCalls(database.mailbox, { room: "mailbox", steps }),
    store: stepCalls(database.store, { room: "store", steps }),
  };
}

export function stepTelnyx<T extends Telnyx>(telnyx: T, steps: Steps): T {
  const stepped = stepCalls(telnyx, { room: "telnyx", steps, except: ["respond", "listModels", "close"] });
  const respond: Telnyx["respond"] = (request, signal) =>
    stepStream(() => telnyx.respond(request, signal), steps, { key: request.conversation ?? "" });
  return new Proxy(stepped, {
    get: (target, name) => (name === "respond" ? respond : Reflect.get(target, name)),
  });
}

export function stepPlatform(platform: Platform, steps: Steps): Platform {
  const stepped = stepCalls(platform, { room: platform.name, steps, only: ["post", "edit", "history"] });
  const start = (listener: Listener) => platform.start(stepListener(listener, steps));
  return new Proxy(stepped, {
    get: (target, name) => (name === "start" ? start : Reflect.get(target, name)),
  });
}

function stepListener(listener: Listener, steps: Steps): Listener {
  return {
    ...listener,
    receive: async (message) => {
      const about = { place: message.place, key: message.key };
      steps("receive before", about);
      await listener.receive(message);
      steps("receive stored", about);
      setTimeout(() => steps("receive acknowledged", about), PASSED_ON_MS);
    },
  };
}

interface Stepping {
  readonly room: string;
  readonly steps: Steps;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
}

function stepCalls<T extends object>(port: T, { room, steps, only, except }: Stepping): T {
  const isStep = (name: string) =>
    (only?.includes(name) ?? true) && !except?.includes(name) && !PERIODIC.has(name);
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function" || typeof name !== "string") return member;
      const call = (...args: unknown[]): unknown => Reflect.apply(member, target, args);
      if (!isStep(name)) return call;
      return async (...args: unknown[]) => {
        const step = `${room}.${nameOf(name, args)}`;
        const about = aboutOf(name, args);
        steps(`${step} before`, about);
        try {
          const result = await (call(...args) as Promise<unknown>);
          steps(`${step} after`, about);
          return result;
        } catch (error) {
          steps(`${step} refused: ${error instanceof Error ? error.message.slice(0, 100) : ""}`, about);
          throw error;
        }
      };
    },
  });
}

/** The call with what makes it another step than its namesakes. */
function nameOf(name: string, args: readonly unknown[]): string {
  const [, second, third] = args as readonly (Record<string, unknown> | undefined)[];
  if (name === "next" && second) return `settle ${String(second["kind"])}`;
  if (name === "post") return `post page ${Number(third?.["page"]) + 1}`;
  if (name === "edit") return `edit ${third?.["final"] === true ? "final" : "draft"}`;
  if (name.startsWith("markPage")) return `${name} ${Number(third) + 1}`;
  return name;
}

/** Calls that name a turn by a number of its own. */
const OF_A_TURN = /^(?:pages|mark(?:Calling|Streaming|Answered|Page\w+)|reopen|askStop)$/;

function aboutOf(name: string, args: readonly unknown[]): About {
  let about: About = {};
  for (const arg of args) {
    if (typeof arg === "string") about = { place: arg, ...about };
    if (typeof arg === "number" && OF_A_TURN.test(name)) about = { turn: arg, ...about };
    if (typeof arg !== "object" || arg === null) continue;
    const { place, turn, key, epoch } = arg as Record<string, unknown>;
    if (typeof place === "string") about = { ...about, place };
    if (typeof turn === "number") about = { ...about, turn };
    if (typeof key === "string") about = { ...about, key };
    if (typeof epoch === "number") about = { ...about, epoch };
  }
  return about;
}

/** The stream, with steps where the request is sent, the first text comes, the text goes on, and it ends. */
async function* stepStream<T extends { readonly kind: string }>(
  open: () => AsyncIterable<T>,
  steps: Steps,
  about: About,
): AsyncGenerator<T> {
  steps("telnyx.respond before", about);
  const events = open()[Symbol.asyncIterator]();
  let next = events.next();
  const sent = setTimeout(() => steps("telnyx.respond sent", about), PASSED_ON_MS);
  try {
    for (let count = 1; ; count += 1) {
      const { value, done } = await next;
      clearTimeout(sent);
      if (done) break;
      if (count === 1) steps("telnyx.respond first event", about);
      else if (value.kind !== "text") steps(`telnyx.respond ${value.kind}`, about);
      else if (count % 50 === 0) steps("telnyx.respond mid-stream", about);
      yield value;
      next = events.next();
    }
  } finally {
    clearTimeout(sent);
    await events.return?.();
  }
}
