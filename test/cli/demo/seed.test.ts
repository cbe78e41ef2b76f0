import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { monthOf } from "../../../src/cli/demo/month.ts";
import { seedDemo } from "../../../src/cli/demo/seed.ts";
import type { Message } from "../../../src/chat/message.ts";
import { createLog } from "../../../src/log.ts";
import type { Archive } from "../../../src/store/archive.ts";
import type { SumBy } from "../../../src/store/sums.ts";
import { openBeside } from "../../../src/store/beside.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { createFakeTelnyx } from "../../fakes/telnyx.ts";

const NOW = Date.UTC(2026, 10, 28, 5, 30);
const log = createLog("silent");
const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
afterAll(() => rmSync(folder, { recursive: true }));

const OLDEST_FIRST = { by: "started", direction: "asc" } as const;
const ALL = { kind: "all", of: [] } as const;
const sumsBy = async (archive: Archive, by: SumBy) => {
  const [sums = []] = await archive.sums(ALL, [{ by }]);
  return new Map(sums.map((sum) => [sum.key, sum]));
};

describe("the demo's month", () => {
  it("is the same each time, and ends before now", () => {
    const month = monthOf(NOW);
    expect(monthOf(NOW)).toEqual(month);
    const times = month.map(({ message }) => message.sentAt);
    expect(Math.max(...times)).toBeLessThan(NOW);
    expect(Math.min(...times)).toBeGreaterThan(NOW - 31 * 86_400_000);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const said = month.flatMap(({ heard, message }) => [...heard, message]);
    expect(new Set(said.map(({ key }) => key)).size).toBe(said.length);
    expect(said.length, "people talk among themselves, too").toBeGreaterThan(month.length + 100);
    for (const { heard, message } of month)
      for (const { place, sentAt, call } of heard) {
        expect(place).toBe(message.place);
        expect(sentAt).toBeLessThan(message.sentAt);
        expect(call.mentionsBot).toBe(false);
      }
  });

  it.each([0, 1, 2, 3, 4, 5, 6])("is whole on day %i of a week", (day) => {
    const month = monthOf(NOW + day * 86_400_000);
    expect(month.length).toBeGreaterThan(400);
    expect(month.filter(({ error }) => error?.startsWith("unavailable")).length).toBeGreaterThan(0);
    for (const { message, heard, answer } of month)
      expect([message, ...heard].map(({ text }) => text).join(" ") + answer).not.toMatch(/\{\w+\}/);
  });

  it("has something for all that can be asked", async () => {
    const path = join(folder, "demo.db");
    const telnyx = createFakeTelnyx({ now: () => NOW });
    const turns = await seedDemo({ path, telnyx, clock: fakeClock(NOW), log, instructions: "Be brief." });
    const { archive, close } = await openBeside({ url: path, log });
    expect(await archive.refresh(), "the index is up to date already").toBe(0);
    const [[sum] = []] = await archive.sums(ALL, [{}]);
    expect(sum).toMatchObject({ turns });
    const { rows: known } = await archive.conversations({ where: ALL, sort: OLDEST_FIRST, limit: 1_000 });
    const linked = known.flatMap(({ telnyxId }) => telnyxId ?? []);
    expect(linked.toSorted()).toEqual(telnyx.created.map(({ id }) => id).toSorted());
    expect(sum?.cost).toBeGreaterThan(100_000);
    expect([...(await sumsBy(archive, "kind")).keys()]).toEqual(
      expect.arrayContaining(["dm", "group_dm", "private", "public"]),
    );
    expect([...(await sumsBy(archive, "status")).keys()]).toEqual(
      expect.arrayContaining(["done", "failed", "postponed", "stopped"]),
    );
    expect((await sumsBy(archive, "workspace")).size).toBe(3);
    expect((await sumsBy(archive, "model")).size).toBeGreaterThanOrEqual(2);
    const days = await sumsBy(archive, "day");
    expect(days.get("2026-11-25")?.turns).toBeGreaterThan((days.get("2026-11-22")?.turns ?? 0) * 2);
    const { rows } = await archive.conversations({
      where: { kind: "name", field: "channel", tense: "ever", match: "equals", value: "support" },
      sort: OLDEST_FIRST,
      limit: 1_000,
    });
    expect(new Set(rows.map(({ channelName }) => channelName))).toEqual(
      new Set(["support", "customer-care"]),
    );
    const led = monthOf(NOW).filter(({ heard, ends }) => heard.length > 0 && ends === "done");
    const [
      {
        heard: [said],
        message,
      },
    ] = led as [(typeof led)[number] & { heard: [Message] }];
    const { rows: overheard } = await archive.turns({
      where: { kind: "word", field: "heardId", values: [said.author.id] },
      sort: OLDEST_FIRST,
      limit: 1_000,
    });
    const turn = overheard.find(({ messageId }) => messageId === message.id);
    const given = await archive.given(turn?.id ?? 0);
    expect(given?.heardMessages[0]).toEqual({
      id: said.id,
      sentAt: said.sentAt,
      userId: said.author.id,
      userName: said.author.name,
    });
    const [first] = telnyx.created;
    expect(telnyx.messagesOf(first?.id ?? "").map(({ role }) => role)).toEqual(
      expect.arrayContaining(["user", "assistant"]),
    );
    await close();
  });
});
