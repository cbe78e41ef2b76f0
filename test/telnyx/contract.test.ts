import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import type { Piece } from "../../src/sandbox/telnyx/script.ts";
import { startTelnyxTwin } from "../../src/sandbox/telnyx/twin.ts";
import { createTelnyx } from "../../src/telnyx/client.ts";
import { describeTelnyx } from "../contracts/telnyx.ts";
import { MODEL } from "./twin.ts";

describeTelnyx("the client on the twin", async () => {
  const twin = await startTelnyxTwin();
  const telnyx = createTelnyx({
    baseUrl: twin.url,
    apiKey: twin.apiKey,
    clock: systemClock,
    log: createLog("silent"),
  });
  const play = (...pieces: Piece[]) => twin.play(() => pieces);
  return {
    telnyx,
    model: MODEL,
    answer: (text) => play({ kind: "reasoning", text: "Hm." }, { kind: "text", text }),
    fallSilent: () => play({ kind: "text", text: "Well" }, { kind: "stall" }),
    fail: () => play({ kind: "text", text: "Well" }, { kind: "fail", code: "server_error", message: "no" }),
    close: async () => {
      await telnyx.close();
      await twin.close();
    },
  };
});
