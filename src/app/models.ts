import { modelProblems } from "../bridge/models.ts";
import type { Config } from "../config.ts";
import { ConfigError } from "../errors.ts";
import { type Model, type Telnyx, TelnyxError } from "../telnyx/telnyx.ts";
import type { AppDeps } from "./parts.ts";

/** How long the start waits for Telnyx's list of models. Messages do not come in until then, and the check is a convenience. */
const CHECK_MS = 5_000;

/** The models that there are. Throws `ConfigError` for a key, an address or a model that cannot be right. A Telnyx that cannot be reached does not keep the bot from starting: then they are not known. */
export async function checkModels(
  telnyx: Telnyx,
  { file }: Config,
  { clock, log }: AppDeps,
): Promise<readonly Model[] | undefined> {
  const wanted = [file.model, ...Object.values(file.channels).flatMap(({ model }) => model ?? [])];
  const tooLate = new AbortController();
  const over = new AbortController();
  clock.sleep(CHECK_MS, over.signal).then(
    () => tooLate.abort(),
    () => undefined,
  );
  try {
    const models = await telnyx.listModels(tooLate.signal);
    const problems = modelProblems(models, wanted);
    if (problems.length > 0) throw new ConfigError(problems);
    return models;
  } catch (error) {
    if (!(error instanceof TelnyxError)) throw error;
    if (error.reason === "account")
      throw new ConfigError([
        `TELNYX_API_KEY is refused by Telnyx (${error.message}): check the key and the account`,
      ]);
    if (error.status === 404)
      throw new ConfigError([
        `TELNYX_BASE_URL is not the address of Telnyx's API (${error.message}): it ends in a version, such as https://api.telnyx.com/v2`,
      ]);
    log.warn({ err: error }, "Telnyx's list of models cannot be read now; starting without the check");
    return undefined;
  } finally {
    over.abort();
  }
}
