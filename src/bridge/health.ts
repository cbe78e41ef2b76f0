import { asError } from "../errors.ts";
import type { Log } from "../log.ts";

/** What is wrong with the bot now. */
export interface Health {
  /**
   * What is wrong with `subject`: one sentence for the operator, without secrets; undefined when nothing is (any more). May be told as
   * often as one likes: the log has a line only when it changes. `cause` is for the log alone.
   */
  report(subject: string, problem: string | undefined, cause?: unknown): void;
  /** The bot is not quite well as long as the work goes on. Not logged: it belongs to an ordinary start. */
  during<T>(problem: string, work: Promise<T>): Promise<T>;
  /** Everything that is wrong now. Empty: all is well. */
  problems(): readonly string[];
}

export function createHealth(log: Log): Health {
  const wrong = new Map<string, string>();
  const passing = new Set<{ readonly problem: string }>();
  return {
    report(subject, problem, cause) {
      if (wrong.get(subject) === problem) return;
      if (problem === undefined) {
        wrong.delete(subject);
        log.info({ subject }, "well again");
        return;
      }
      wrong.set(subject, problem);
      log.warn({ subject, ...(cause !== undefined && { err: asError(cause) }) }, problem);
    },
    async during(problem, work) {
      const one = { problem };
      passing.add(one);
      try {
        return await work;
      } finally {
        passing.delete(one);
      }
    },
    problems: () => [...new Set([...wrong.values(), ...[...passing].map(({ problem }) => problem)])],
  };
}
