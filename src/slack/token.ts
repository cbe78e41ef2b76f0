import type { Clock } from "../clock.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { asRefusal } from "./refusal.ts";
import type { SlackWeb } from "./web.ts";

/** A token that is refused stays so until somebody acts; Slack is asked so often whether somebody did. */
const PROBE_MS = 5 * 60_000;

export interface TokenDeps {
  readonly web: SlackWeb;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the probes. */
  readonly signal: AbortSignal;
  /** Why Slack does not take the token; nothing, when it takes it again. */
  readonly changed: (refusedBecause: string | undefined) => void;
}

/**
 * The Web API while its token is good. A refusal may concern one method alone (`not_allowed_token_type`), so auth.test has to say that the
 * token is meant. From then on every call throws `unauthorized` without being made, until a probe finds the token well again.
 */
export function guardToken({ web, clock, log, signal, changed }: TokenDeps): SlackWeb {
  let refused: PlatformRefusal | undefined;
  let checking = false;

  const check = async () => {
    for (;;) {
      const found = await refusalOf(web);
      if (found?.kind === "unauthorized") {
        if (!refused) {
          log.error(
            { code: found.code, err: found },
            "Slack refuses SLACK_BOT_TOKEN; nothing is read or posted",
          );
          changed(`Slack refuses SLACK_BOT_TOKEN (${found.message})`);
        }
        refused = found;
      } else if (!found) {
        if (refused) log.info("Slack takes SLACK_BOT_TOKEN again");
        refused = undefined;
        return changed(undefined);
      }
      // Slack could not be asked: the next refused call asks again.
      if (!refused) return;
      await clock.sleep(PROBE_MS, signal);
    }
  };
  const suspect = () => {
    if (checking || signal.aborted) return;
    checking = true;
    // Only the wait rejects, when `signal` aborts.
    check().then(
      () => (checking = false),
      () => {},
    );
  };

  return {
    call: async (method, args) => {
      if (refused) throw new PlatformRefusal(refused.kind, refused.code, `${method}: ${refused.message}`);
      try {
        return await web.call(method, args);
      } catch (caught) {
        if (caught instanceof PlatformRefusal && caught.kind === "unauthorized") suspect();
        throw caught;
      }
    },
  };
}

async function refusalOf(web: SlackWeb): Promise<PlatformRefusal | undefined> {
  try {
    await web.call("auth.test");
    return undefined;
  } catch (caught) {
    return asRefusal(caught, "auth.test");
  }
}
