import { describeTelnyx } from "../contracts/telnyx.ts";
import { createFakeTelnyx, say } from "./telnyx.ts";

describeTelnyx("the fake", async () => {
  const telnyx = createFakeTelnyx({ now: Date.now });
  return {
    telnyx,
    model: "test/model",
    answer: (text) => telnyx.model(() => say(text)),
    fallSilent: () =>
      telnyx.model(async function* () {
        yield { kind: "text", delta: "Well" };
        await new Promise(() => undefined);
      }),
    fail: () =>
      telnyx.model(async function* () {
        yield { kind: "text", delta: "Well" };
        yield { kind: "failed", reason: "model_error", reached: "unknown", detail: "no" };
      }),
    close: async () => undefined,
  };
});
