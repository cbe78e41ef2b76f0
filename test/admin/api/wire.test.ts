import type { Admin } from "../../../src/admin/admin.ts";
import { type HttpServer, listen } from "../../../src/http.ts";
import { afterEach, describe, expect, it } from "vitest";
import { pieceOf } from "../exporting.ts";
import { type ApiStage, apiStage, OPERATOR } from "./stage.ts";

let stage: ApiStage;
let server: HttpServer;
afterEach(async () => {
  await server.close();
  await stage.world.bench.close();
});

/** An export over a real connection, of pieces as they come from `exported`. */
async function exporting(exported: Admin["export"]): Promise<Response> {
  stage = apiStage(() => ({ export: exported }));
  server = await listen(stage.app, { host: "127.0.0.1", port: 0 });
  return fetch(`${server.url}/api/v1/export?query=`, { headers: { authorization: `Bearer ${OPERATOR}` } });
}

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
