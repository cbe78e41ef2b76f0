import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { exportOf } from "../../src/admin/export.ts";
import { exportingIn } from "../../src/app/exporting.ts";
import { createLog } from "../../src/log.ts";
import { openSqlite } from "../../src/store/open.ts";
import { exportingOf, textOf } from "../admin/exporting.ts";
import { adminWorld, inChannel, ROOT, viewer } from "../admin/world.ts";

it("what is exported on the thread that reads a file is what is exported here, for whoever asks", async () => {
  const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
  const path = join(folder, "export.db");
  const world = adminWorld(path);
  await world.ask({ channel: "C1", name: "support", question: "Grace Hopper here: can I have a refund?" });
  await world.ask({ channel: "C2", name: "board", kind: "private", question: "Whom do we refund?" });
  await world.bench.archive.refresh();
  await world.bench.close();
  const { archive, aside, close } = openSqlite({ path, log: createLog("silent") });
  try {
    const there = exportingIn(aside, { key: new Uint8Array(32), patterns: [] });
    const reader = viewer({ where: inChannel("C1", "C2"), reads: "content", private: false });
    const texts = new Set<string>();
    for (const who of [ROOT, reader])
      for (const redact of [false, true]) {
        const what = exportOf(world.clock, who, { query: "sort:+started", redact, format: "jsonl" });
        const text = await textOf(there(what));
        expect(text).toBe(await textOf(exportingOf(archive)(what)));
        expect([text.includes("Grace"), text.includes("Whom")]).toEqual([!redact, who === ROOT]);
        texts.add(text);
      }
    expect(texts.size).toBe(4);
  } finally {
    await close();
    rmSync(folder, { recursive: true });
  }
});
