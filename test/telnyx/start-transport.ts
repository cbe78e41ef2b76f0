import { createLog } from "../../src/log.ts";
import { createTransport, type Call } from "../../src/telnyx/transport.ts";
import { fakeClock } from "../fakes/clock.ts";
import { startServer, type Script } from "./server.ts";
import { until } from "../eventually.ts";

export const pace = { headersMs: 60_000, silenceMs: 60_000, totalMs: 600_000 };
export const get: Call = { method: "GET", path: "/x?q=1", pace };

/** A transport alone, on a server of its own. */
export async function startTransport(script: Script, clock = fakeClock()) {
  const server = await startServer(script);
  const lines: Record<string, unknown>[] = [];
  const log = createLog("debug", [], {
    write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const transport = createTransport({
    baseUrl: `${server.url}/`,
    apiKey: "KEY-1",
    connectMs: 500,
    clock,
    log,
  });
  const dispose = async () => {
    await transport.close();
    await server.close();
    await until("every timer is cleared", () => clock.sleeping() === 0);
  };
  return { server, clock, transport, lines, [Symbol.asyncDispose]: dispose };
}
