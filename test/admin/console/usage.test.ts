import { fc, test } from "@fast-check/vitest";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chartFigure, niceTop } from "../../../src/admin/console/chart.ts";
import { placesPage } from "../../../src/admin/console/places.ts";
import { inRange, RANGES, stepsIn } from "../../../src/admin/console/range.ts";
import { parseQuery } from "../../../src/admin/query/query.ts";
import { inChannel, viewer } from "../world.ts";
import { playMonth } from "./month.ts";
import { type ConsoleStage, consoleStage, textOf } from "./stage.ts";

const NOW = Date.UTC(2026, 10, 28, 5, 30);

let stage: ConsoleStage;
beforeEach(() => {
  stage = consoleStage();
});
afterEach(() => stage.world.bench.close());

describe("the usage", () => {
  it("is drawn over time, and stands in a table beneath, by time and by channel", async () => {
    await playMonth(stage.world.bench);
    const page = await stage.page("/admin/usage?days=30");
    expect(page.match(/<svg/g)).toHaveLength(4);
    expect(textOf(page)).toMatch(
      /Turns 102 turns.*Spend \$0\.\d+.*Failures 4, 3\.9 %.*Until complete \d+\.\d s at the median/,
    );
    expect(textOf(page)).toMatch(/The figures by day Day Turns.*18 Dec 2 1 2 0.*All 102/);
    expect(textOf(page)).toMatch(/By channel Channel Turns.*engineering 24 8 5 2/);
    const bars = [...page.matchAll(/<title[^>]*>([^<]*), turns: (\d+)</g)];
    expect(bars.reduce((sum, [, , turns]) => sum + Number(turns), 0)).toBe(102);
  });

  it("is that of the query, within the days", async () => {
    await playMonth(stage.world.bench);
    const page = textOf(await stage.page("/admin/usage?q=channel%3Asupport+OR+channel%3Aboard&days=90"));
    expect(page).toContain("28 turns");
    expect(page).not.toContain("engineering 24");
    expect(textOf(await stage.page("/admin/usage?q=channel%3Anowhere"))).toContain(
      "No turns in these 30 days",
    );
  });

  it("is not of what the viewer may not see", async () => {
    await playMonth(stage.world.bench);
    stage.signIn(viewer({ where: inChannel("C0BOARD"), reads: "metadata", private: false }));
    for (const path of ["/admin/usage", "/admin/places"]) {
      const page = textOf(await stage.page(path));
      expect(page).toContain("board");
      expect(page).not.toMatch(/engineering|support 1|Alpine/);
    }
  });

  it("points at what is wrong with the query, and keeps the days", async () => {
    const response = await stage.get("/admin/usage?q=chanel:x&days=7");
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('href="/admin/usage?q=channel%3Ax&amp;days=7"');
  });
});

describe("the places", () => {
  it("are told by workspace and channel, with a way to their conversations", async () => {
    await playMonth(stage.world.bench);
    const page = await stage.page("/admin/places");
    expect(textOf(page)).toMatch(/Acme Channel.*engineering.*Alpine Climbers Channel.*trips/);
    expect(page).toContain('href="/admin?q=channel%3AC0ENGINE"');
  });
});

describe("the places", () => {
  it("that have the same name are told apart by their ids, and others are not", async () => {
    const sum = { turns: 1, conversations: 1, people: 1, failed: 0, tokens: 0 };
    const named = (name: string, key: string) => ({
      workspace: { ...sum, name, key },
      channels: { query: "", rows: [], total: sum },
    });
    const workspaces = [named("Acme", "T1"), named("Acme", "81"), named("Other", "T2")];
    const page = String(await placesPage(workspaces, 30, 0).body);
    const heads = [...page.matchAll(/<h2[^]*?<\/h2>/g)].map(([head]) => textOf(head));
    expect(heads).toEqual(["Acme (T1)", "Acme (81)", "Other"]);
  });
});

describe("the days of a range", () => {
  it("end today and are whole", () => {
    expect(stepsIn(7, NOW)).toEqual([22, 23, 24, 25, 26, 27, 28].map((day) => `2026-11-${day}`));
    expect(stepsIn(365, NOW).slice(-2)).toEqual(["2026-11-16", "2026-11-23"]);
    expect(inRange("", 7, NOW)).toBe("after:2026-11-22");
  });

  it("hold for every alternative of the query", () => {
    expect(inRange("a OR b sort:cost", 30, NOW)).toBe("(a OR b) after:2026-10-30");
  });

  test.prop([fc.constantFrom(...RANGES), fc.integer({ min: 40_000_000_000, max: 4_000_000_000_000 })])(
    "are in order, none is left out, and the first is not after the range's begin",
    (range, now) => {
      const steps = stepsIn(range, now);
      const length = range > 90 ? 7 : 1;
      const ends = steps.map((step) => Date.parse(step));
      for (const [index, end] of ends.slice(1).entries())
        expect(end - ends[index]!).toBe(length * 86_400_000);
      const asked = parseQuery(inRange("", range, now), now).where;
      expect(asked).toMatchObject({ kind: "number", field: "at" });
      expect(ends[0]).toBeLessThanOrEqual((asked as { from?: number }).from!);
      expect(now - ends.at(-1)!).toBeLessThan(length * 86_400_000);
    },
  );
});

describe("a chart", () => {
  test.prop([fc.double({ min: 0, max: 1e12, noNaN: true })])(
    "has room for its greatest, and wastes little",
    (most) => {
      const top = niceTop(most);
      expect(top).toBeGreaterThanOrEqual(most);
      expect(top).toBeLessThanOrEqual(Math.max(2, most * 2.5 + 1e-9));
    },
  );

  it("draws nothing outside of its frame, and breaks a line where nothing is known", async () => {
    const figure = String(
      await chartFigure({
        title: "<b>",
        total: "1",
        steps: ["2026-11-26", "2026-11-27", "2026-11-28"],
        kind: "lines",
        series: [{ name: "median", look: "first", values: [1, undefined, 3] }],
        shown: String,
      }),
    );
    expect(figure.match(/d="([^"]*)"/)?.[1]).toMatch(/^M[\d. ]+M[\d. ]+$/);
    expect(figure).not.toContain("<b>.");
    for (const [, at] of figure.matchAll(/c?[xy]\d?="([\d.-]+)"/g)) {
      expect(Number(at)).toBeGreaterThanOrEqual(0);
      expect(Number(at)).toBeLessThanOrEqual(480);
    }
  });
});
