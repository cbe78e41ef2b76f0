import { createLog } from "../../src/log.ts";
import { startTelnyxTwin, type TelnyxTwinOptions } from "../../src/sandbox/telnyx/twin.ts";
import { createTelnyx } from "../../src/telnyx/client.ts";
import type { ResponseRequest } from "../../src/telnyx/telnyx.ts";
import { fakeClock } from "../fakes/clock.ts";
import { collect, settle } from "./server.ts";
import { until } from "../eventually.ts";

export const MODEL = "zai-org/GLM-5.3";

export function ask(text: string, fields: Partial<ResponseRequest> = {}): ResponseRequest {
  return { model: MODEL, input: [{ role: "user", content: [{ type: "input_text", text }] }], ...fields };
}

/** The client on the Telnyx twin. The client's clock stands still unless the test moves it; the twin's is the real one unless it is given. */
export async function startOnTwin(options: TelnyxTwinOptions = {}, clock = fakeClock(Date.now())) {
  const twin = await startTelnyxTwin(options);
  const telnyx = createTelnyx({
    baseUrl: twin.url,
    apiKey: twin.apiKey,
    clock,
    log: createLog("silent"),
    random: () => 0,
    limits: { callMs: 1e9, headersMs: 1e9, silenceMs: 1e9, totalMs: 1e9 },
  });
  return {
    twin,
    clock,
    telnyx,
    respond: (request: ResponseRequest) => settle(clock, collect(telnyx.respond(request))),
    posts: () => twin.requests.filter(({ path }) => path === "/v2/ai/openai/responses").length,
    [Symbol.asyncDispose]: async () => {
      await telnyx.close();
      await twin.close();
      await until("every timer is cleared", () => clock.sleeping() === 0);
    },
  };
}
