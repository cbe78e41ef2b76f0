import type { Proxy } from "./proxy.ts";
import type { Random } from "./random.ts";
import type { Run } from "./run-kit.ts";
import { GATEWAY, startStorm, stormsOf } from "./storms.ts";
import { rest } from "./until.ts";

/** Something that goes wrong for a while. `strike` resolves when it is over, and all is as before. */
export interface ChaosFault {
  readonly kind: string;
  /** How often it comes, against the others. */
  readonly weight: number;
  strike(run: Run, random: Random): Promise<void>;
}

/** How long a process stands still, in the bot's own time: also longer than its lease, which is 30 s. */
const FREEZE_MS = [2_400, 48_000] as const;

/** Everything that may go wrong in a run on this database. */
export function faultsFor(database: "sqlite" | "postgres"): readonly ChaosFault[] {
  return [
    ...processFaults(),
    ...wireFaults(),
    ...serverFaults(),
    ...eventFaults(),
    ...databaseFaults(database),
  ];
}

/** Notes the trouble from its beginning to its end. */
function fault(kind: string, weight: number, strike: ChaosFault["strike"]): ChaosFault {
  return {
    kind,
    weight,
    strike: async (run, random) => {
      const over = run.journal.note(kind);
      await strike(run, random).finally(over);
    },
  };
}

function processFaults(): readonly ChaosFault[] {
  return [
    fault("kill", 12, async ({ fleet }, random) => fleet.kill(random.pick(fleet.names))),
    fault("freeze", 2, async ({ fleet, world }, random) => {
      const name = random.pick(fleet.names);
      fleet.freeze(name);
      await rest(random.between(...FREEZE_MS) / world.time.factor);
      fleet.thaw(name);
    }),
    fault("restart", 2, async ({ fleet }, random) => fleet.restart(random.pick(fleet.names))),
    fault("down", 1, async ({ fleet }, random) => {
      await fleet.down(random.pick(["SIGKILL", "SIGTERM"] as const));
      await rest(random.between(300, 2_000));
      await fleet.up();
    }),
  ];
}

function wireFaults(): readonly ChaosFault[] {
  const targets = ["slack", "discord", "telnyx"] as const;
  return targets.flatMap((target) => wireFaultsOf(target, ({ world }) => world.wires[target]));
}

/** What goes wrong with a wire, whatever is at its end. */
function wireFaultsOf(target: string, wireOf: (run: Run) => Proxy): readonly ChaosFault[] {
  return [
    fault(`${target} reset`, 1, async (run) => void wireOf(run).reset()),
    fault(`${target} cut`, 1, async (run, random) => {
      wireOf(run).cutAfter(random.between(1, 3_000));
      await struck(wireOf(run));
    }),
    fault(`${target} answer lost`, 2, async (run) => {
      wireOf(run).swallow();
      await struck(wireOf(run));
    }),
    fault(`${target} half open`, 1, async (run, random) => {
      wireOf(run).halfOpen();
      await rest(random.between(200, 1_500));
      wireOf(run).reset();
    }),
    fault(`${target} slow`, 1, async (run, random) => {
      wireOf(run).slow({
        delayMs: random.between(20, 150),
        bytesPerSecond: random.between(5_000, 100_000),
      });
      await rest(random.between(300, 2_000));
      wireOf(run).slow();
    }),
    fault(`${target} silent`, 1, async (run, random) => {
      wireOf(run).blackHole(true);
      await rest(random.between(200, 1_500));
      wireOf(run).blackHole(false);
    }),
  ];
}

/** Waits until what the wire was told to do is done, or nothing came that it could be done to. */
async function struck(wire: Proxy): Promise<void> {
  const deadline = performance.now() + ARMED_MS;
  while (wire.armed() && performance.now() < deadline) await rest(5);
  wire.disarm();
}

const ARMED_MS = 2_000;

function serverFaults(): readonly ChaosFault[] {
  const storms = (["slack", "discord", "telnyx"] as const).flatMap((target) =>
    stormsOf(target).map((kind) =>
      fault(`${target} ${kind}`, 1, async ({ world }, random) => {
        const calm = startStorm(world, target, kind, random);
        await rest(random.between(100, 600));
        calm();
      }),
    ),
  );
  // Noted when it strikes: that may be much later.
  const lostAnswer: ChaosFault = {
    kind: "telnyx stream cut",
    weight: 2,
    strike: async ({ world, journal }, random) =>
      world.telnyx.injectStream({
        matches: () => {
          journal.note("telnyx stream cut");
          return true;
        },
        faults: [{ kind: "cut", after: { events: random.between(1, 60) }, persisted: random.chance(0.7) }],
      }),
  };
  return [...storms, lostAnswer];
}

function eventFaults(): readonly ChaosFault[] {
  const gateway = Object.entries(GATEWAY).map(([kind, play]) =>
    fault(`discord ${kind}`, 1, async ({ world }) => play(world.discord)),
  );
  const slack = (["twice", "lose-ack"] as const).map((effect) =>
    fault(`slack event ${effect}`, 2, async ({ world }, random) =>
      world.slack.disturb({ times: random.between(1, 4), effect }),
    ),
  );
  const goodbyes = (["warning", "refresh_requested", "cut"] as const).map((reason) =>
    fault(`slack socket ${reason}`, 1, async ({ world }, random) =>
      world.slack.disconnectSockets(reason, random.between(1, 2)),
    ),
  );
  return [...gateway, ...slack, ...goodbyes];
}

function databaseFaults(database: "sqlite" | "postgres"): readonly ChaosFault[] {
  const locked = fault("database locked", 2, async ({ ledger }, random) => {
    const unlock = await ledger.lock();
    await rest(random.between(100, 3_000));
    await unlock();
  });
  if (database === "postgres") return [locked, ...serverOfDatabase()];
  return [
    locked,
    fault("database full", 2, async ({ fleet }, random) => {
      const all = (full: boolean) =>
        Promise.all(fleet.names.map((name) => fleet.order(name, { kind: "disk", full })));
      await all(true);
      await rest(random.between(200, 1_500));
      await all(false);
    }),
  ];
}

function serverOfDatabase(): readonly ChaosFault[] {
  const serverIn = ({ ledger }: Run) => {
    if (!ledger.server) throw new Error("this database is no server");
    return ledger.server;
  };
  // A commit whose answer is lost may be done all the same: that is the swallowed answer, and the reset.
  const wire = wireFaultsOf("database", (run) => serverIn(run).wire);
  const restart = fault("database restart", 3, async (run, random) => {
    await serverIn(run).halt();
    await rest(random.between(0, 1_500));
    await serverIn(run).start();
  });
  return [...wire, restart];
}
