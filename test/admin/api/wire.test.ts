import type { Admin } from "../../../src/admin/admin.ts";
import { type HttpServer, listen } from "../../../src/http.ts";
import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { pieceOf } from "../exporting.ts";
import { type ApiStage, apiStage, OPERATOR } from "./stage.ts";

let stage: ApiStage;
let server: HttpServer;
afterEach(async () => {
  await server.close();
  await stage.world.bench.close();
});

interface Asking {
  /** Leaves when it aborts. */
  readonly signal: AbortSignal;
  /** Told when the server knows that whoever asked has left. */
  readonly onLeft: () => void;
}

/** An export over a real connection, of pieces as they come from `exported`. */
async function exporting(exported: Admin["export"], asking?: Asking): Promise<Response> {
  stage = apiStage(() => ({ export: exported }));
  const app = new Hono();
  app.use((context, next) => {
    if (asking) context.req.raw.signal.addEventListener("abort", asking.onLeft);
    return next();
  });
  server = await listen(app.route("/", stage.app), { host: "127.0.0.1", port: 0 });
  return fetch(`${server.url}/api/v1/export?query=`, {
    headers: { authorization: `Bearer ${OPERATOR}` },
    ...(asking && { signal: asking.signal }),
  });
}

const promised = () => Promise.withResolvers<void>();

describe("an export over a connection", () => {
  it("is read no further when whoever asked has gone", async () => {
    const ended = Promise.withResolvers<number>();
    const response = await exporting(async function* () {
      let count = 0;
      try {
        for (; ; count += 1) yield pieceOf("x".repeat(10_000));
      } finally {
        ended.resolve(count);
      }
    });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
    expect(await ended.promise).toBeGreaterThan(0);
  });

  it("ends when whoever asked had gone before its first row was found", async () => {
    const [asked, left, ended] = [promised(), promised(), promised()];
    const leaving = new AbortController();
    const exported = async function* () {
      try {
        asked.resolve();
        await left.promise;
        for (;;) yield pieceOf("x".repeat(10_000));
      } finally {
        ended.resolve();
      }
    };
    const response = exporting(exported, { signal: leaving.signal, onLeft: left.resolve });
    await asked.promise;
    leaving.abort();
    await expect(response).rejects.toThrow();
    await ended.promise;
  });

  it("that goes wrong is cut off, so that nobody takes a part for the whole", async () => {
    const response = await exporting(async function* () {
      yield pieceOf("one");
      throw new Error("the disk is gone");
    });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(JSON.stringify(stage.lines)).toContain("an answer was cut off");
  });
});
