import { describe, expect, it } from "vitest";
import type { Dialect, Steps } from "../../src/store/dialect.ts";
import type { Place } from "../../src/chat/place.ts";
import type { Claim, Mailbox } from "../../src/store/mailbox.ts";
import { createMailbox } from "../../src/store/sql-mailbox.ts";
import { fakeClock } from "../fakes/clock.ts";
import { addTaking, messageIn, type StoreBench } from "./store-bench.ts";

export interface AtomicBench extends StoreBench {
  readonly dialect: Dialect;
}

/** Whatever goes wrong at whichever statement: all of a mailbox's change is stored, or nothing. */
export function atomicContract(name: string, open: () => Promise<AtomicBench>): void {
  describe(`on ${name}`, () => {
    for (const [what, operate] of Object.entries(operations)) {
      it(`${what} leaves nothing behind when it fails, at whichever statement, and can be repeated`, async () => {
        await failEverywhere(open, operate);
      });
    }
  });
}

type Operate = (mailbox: Mailbox, claim: Claim) => Promise<unknown>;

/** On a mailbox with a turn running, one behind it, one put off in another place, and another place that waits. */
export const operations: Record<string, Operate> = {
  "taking a new place": (mailbox) => mailbox.add(messageIn("new", "1"), true),
  "adding to a new place": (mailbox) => mailbox.add(messageIn("new", "1"), false),
  "adding behind a running turn": (mailbox) => mailbox.add(messageIn("p", "3"), true),
  "settling and reading on": (mailbox, claim) => mailbox.next(claim, { turn: 1, kind: "done" }),
  "putting off and letting go": (mailbox, claim) =>
    mailbox.next(claim, { turn: 1, kind: "retry", delayMs: 9, error: "busy" }),
  sweeping: (mailbox) => mailbox.sweep(9),
  renewing: (mailbox) => mailbox.renew(),
  reopening: (mailbox, { place }) => mailbox.reopen(`${place} late` as Place, 4),
  "asking for an end": (mailbox, { place }) => mailbox.askStop(place, 1),
  "handing over": (mailbox) => mailbox.handOver(),
};

/** The mailbox, and a fuse that blows at the n-th statement, `blow` in its place. */
export async function prepared(open: () => Promise<AtomicBench>, blow: () => Steps<unknown>) {
  const bench = await open();
  let fuse = Infinity;
  function* burning<T>(steps: Steps<T>): Steps<T> {
    let step = steps.next();
    while (!step.done) {
      fuse -= 1;
      if (fuse === 0) yield* blow();
      step = steps.next(yield step.value);
    }
    return step.value;
  }
  const tx: Dialect["tx"] = (steps) => bench.dialect.tx(() => burning(steps()));
  const mailbox = createMailbox({ ...bench.dialect, tx }, { owner: "a", clock: fakeClock() });
  const claim = await addTaking(mailbox, "p", "1");
  await mailbox.next(claim);
  await mailbox.add(messageIn("p", "2"), false);
  await mailbox.add(messageIn("q", "1"), false);
  const late = await mailbox.add(messageIn("p late", "1"), true, true);
  if (late.kind === "seen" || !late.claim) throw new Error("not taken");
  await mailbox.next(late.claim);
  await mailbox.next(late.claim, { turn: late.turn, kind: "postponed" });
  return {
    bench,
    mailbox,
    claim,
    light: (statements: number) => void (fuse = statements),
    stored: () =>
      Promise.all(["mailbox", "turn"].map((table) => bench.query(`SELECT * FROM ${table} ORDER BY 1`))),
  };
}

/** PostgreSQL gives no number out twice, also when what it was given for is not stored: what is new has any number after 4. */
export function numbered(value: unknown): unknown {
  return JSON.parse(JSON.stringify([value]), (key, part: unknown) =>
    (key === "id" || key === "turn") && Number(part) > 4 ? "new" : part,
  );
}

/** Does it with the fuse at each statement in turn, until it is longer than the operation. */
async function failEverywhere(open: () => Promise<AtomicBench>, operate: Operate): Promise<void> {
  const blow = () => {
    throw new Error("the fuse has blown");
  };
  const whole = await prepared(open, blow);
  const result = await operate(whole.mailbox, whole.claim);
  const outcome = await whole.stored();
  await whole.bench.close();

  for (let statement = 1; ; statement += 1) {
    const { bench, mailbox, claim, light, stored } = await prepared(open, blow);
    const before = await stored();
    light(statement);
    const failed = await operate(mailbox, claim).then(
      () => false,
      () => true,
    );
    if (failed) {
      expect(await stored(), `statement ${statement}`).toEqual(before);
      light(Infinity);
      expect(numbered(await operate(mailbox, claim))).toEqual(numbered(result));
    }
    expect(numbered(await stored())).toEqual(numbered(outcome));
    await bench.close();
    if (!failed) {
      expect(statement, "the fuse has blown at least once").toBeGreaterThan(1);
      break;
    }
  }
}
