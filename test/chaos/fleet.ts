import { type ChildProcess, fork } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import type { Order, ReplicaOptions } from "./child.ts";
import type { Journal } from "./journal.ts";
import { until } from "../eventually.ts";
import { onDisk } from "../in-memory.ts";

/** The replicas, kept alive as a supervisor would: one that ends is started again, unless all are to be down. */
export interface Fleet {
  readonly names: readonly string[];
  /** Starts those that are not there. Resolves when all are ready. */
  up(): Promise<void>;
  /** SIGTERM, or SIGKILL, to all; none comes back before `up`. Resolves when they are gone. */
  down(how: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Those that have been at work for so long, milliseconds. */
  working(forMs: number): readonly string[];
  /** To one replica, if it runs. */
  kill(name: string): void;
  freeze(name: string): void;
  thaw(name: string): void;
  /** SIGTERM; resolves when it has been started again and is ready. */
  restart(name: string): Promise<void>;
  /** Resolves when the replica has done it; at once where it is not there any more. */
  order(name: string, order: Order): Promise<void>;
  /** Resolves when every replica that is to be up is ready. */
  ready(): Promise<void>;
  /** Ends of replicas that nobody asked for. */
  readonly crashes: readonly string[];
}

interface Replica {
  readonly name: string;
  process: ChildProcess | undefined;
  /** Since when, by `performance.now()`. */
  readySince: number | undefined;
  /** Somebody sent it a signal: its end is no crash. */
  asked: boolean;
  /** How often it ended before it was ready, in a row. */
  failures: number;
}

/** What does not happen within so long, real time, does not happen at all: a machine may be slow. */
const PATIENCE_MS = 180_000;
/** As a supervisor waits, so that a bot that cannot start does not turn in circles. */
const MOST_FAILURES = 20;
const pause = (failures: number) => (failures === 0 ? 0 : Math.min(2_000, 100 * 2 ** failures));

export function createFleet(
  names: readonly string[],
  options: Omit<ReplicaOptions, "name">,
  journal: Journal,
): Fleet {
  const replicas = new Map(
    names.map((name): [string, Replica] => [
      name,
      { name, process: undefined, readySince: undefined, asked: false, failures: 0 },
    ]),
  );
  const crashes: string[] = [];
  let wanted = false;

  const start = (replica: Replica) => {
    if (replica.process || !wanted) return;
    journal.note("start of a process", replica.name);
    replica.process = spawnReplica({ ...options, name: replica.name }, (child, ended) => {
      if (ended === undefined) {
        replica.readySince = performance.now();
        replica.failures = 0;
        return;
      }
      if (replica.process !== child) return;
      journal.note("end of a process", `${replica.name}: ${ended}`);
      const selfMade = ended === "SIGKILL" && !replica.asked;
      if (selfMade) journal.note("kill at a step", replica.name);
      else if (!replica.asked) crashes.push(`${replica.name} ended with ${ended}`);
      if (replica.readySince === undefined && !replica.asked && !selfMade) replica.failures += 1;
      Object.assign(replica, { process: undefined, readySince: undefined, asked: false });
      setTimeout(() => start(replica), pause(replica.failures));
    });
  };
  const find = (name: string) => {
    const replica = replicas.get(name);
    if (!replica) throw new RangeError(`no replica ${name}`);
    return replica;
  };
  const signal = (replica: Replica, sign: NodeJS.Signals) => {
    if (sign === "SIGKILL" || sign === "SIGTERM") replica.asked = true;
    replica.process?.kill(sign);
  };
  const all = [...replicas.values()];
  const hopeless = () => all.some(({ failures }) => failures >= MOST_FAILURES);
  const ready = async () => {
    await until(
      "replicas are ready",
      () => !wanted || hopeless() || all.every((one) => one.readySince !== undefined),
      PATIENCE_MS,
    );
    if (hopeless()) throw new Error(`a replica cannot start: see ${options.log}`);
  };

  return {
    names,
    crashes,
    ready,
    up: async () => {
      wanted = true;
      all.forEach(start);
      await ready();
    },
    down: async (how) => {
      wanted = false;
      for (const one of all) {
        signal(one, "SIGCONT");
        signal(one, how);
      }
      await until("every replica is gone", () => all.every((one) => !one.process), PATIENCE_MS);
    },
    working: (forMs) =>
      all
        .filter(({ readySince }) => readySince !== undefined && performance.now() - readySince >= forMs)
        .map(({ name }) => name),
    kill: (name) => signal(find(name), "SIGKILL"),
    freeze: (name) => signal(find(name), "SIGSTOP"),
    thaw: (name) => signal(find(name), "SIGCONT"),
    restart: async (name) => {
      const replica = find(name);
      const before = replica.process;
      signal(replica, "SIGTERM");
      await until(
        `${name} is ready again`,
        () => !wanted || (replica.process !== before && replica.readySince !== undefined),
        PATIENCE_MS,
      );
    },
    order: (name, order) => tell(find(name).process, order),
  };
}

/** Tells `told` when it is ready, and how it ended. */
function spawnReplica(
  options: ReplicaOptions,
  told: (child: ChildProcess, ended?: string) => void,
): ChildProcess {
  const child = fork(new URL("./child.ts", import.meta.url), [JSON.stringify(options)], {
    // Most of a start is the compiling of what was compiled for the start before.
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: join(onDisk(), "node-compile-cache") },
    execArgv: [],
    stdio: ["ignore", "ignore", openSync(options.log, "a"), "ipc"],
  });
  child.on("message", (message: { kind: string }) => {
    if (message.kind === "ready") told(child);
  });
  child.on("error", () => undefined); // a message to a process that has just ended
  child.once("exit", (code, sign) => told(child, sign ?? String(code)));
  return child;
}

function tell(child: ChildProcess | undefined, order: Order): Promise<void> {
  if (!child?.connected) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      child.off("message", hear);
      child.off("exit", done);
      resolve();
    };
    const hear = ({ kind }: { kind: string }) => {
      if (kind === "done") done();
    };
    child.on("message", hear).once("exit", done);
    child.send(order, (error) => error && done());
  });
}
