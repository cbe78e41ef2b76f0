import { systemClock } from "../clock.ts";
import { environmentSchema, presentOnly } from "../config/environment.ts";
import { ConfigError } from "../errors.ts";
import { createLog } from "../log.ts";
import { createTelnyx } from "../telnyx/client.ts";
import type { Variables } from "./load.ts";

/** Telnyx for a command, which needs nothing else of the configuration. Throws `ConfigError` with every problem at once. */
export function telnyxFor(environment: Variables): ReturnType<typeof createTelnyx> {
  const { TELNYX_API_KEY: apiKey, TELNYX_BASE_URL: base } = presentOnly(environment);
  const baseUrl = environmentSchema.shape.TELNYX_BASE_URL.safeParse(base);
  const problems = [
    ...(apiKey === undefined
      ? ["TELNYX_API_KEY is missing: create a key in the Telnyx portal under API Keys"]
      : []),
    ...(baseUrl.success ? [] : baseUrl.error.issues.map(({ message }) => `TELNYX_BASE_URL ${message}`)),
  ];
  if (apiKey === undefined || !baseUrl.success) throw new ConfigError(problems);
  return createTelnyx({ baseUrl: baseUrl.data, apiKey, clock: systemClock, log: createLog("silent") });
}
