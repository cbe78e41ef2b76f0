import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nearTo, nothingMeets } from "../../src/admin/near.ts";
import { parseQuery } from "../../src/admin/query/query.ts";
import type { Viewer } from "../../src/admin/viewer.ts";
import { adminWorld, type AdminWorld, inChannel, ROOT, viewer } from "./world.ts";

let world: AdminWorld;
beforeEach(async () => {
  world = adminWorld();
  const linus = { id: "U2", name: "Linus" };
  await world.ask({ channel: "C1", name: "support", question: "Can I have a refund?" });
  await world.ask({ channel: "C2", name: "support-eu", question: "And a voucher?", user: linus });
  await world.ask({ channel: "C3", name: "board", kind: "private", question: "Whom do we reimburse?" });
  await world.bench.query(
    `UPDATE turn SET model = 'moonshotai/Kimi-K2.6', state = 'failed', error = 'rate_limited', indexed = false WHERE id = 1`,
  );
  await world.bench.archive.refresh();
});
afterEach(() => world.bench.close());

async function near(query: string, who: Viewer = ROOT) {
  const found = await nearTo(world.bench.archive, who, parseQuery(query, world.deps.clock.now()));
  return found && { unknown: found.unknown.map(({ written }) => written), queries: found.queries };
}

async function sentence(query: string, who: Viewer) {
  const found = await nearTo(world.bench.archive, who, parseQuery(query, world.deps.clock.now()));
  return found && nothingMeets(found);
}

describe("near a query that finds nothing", () => {
  it.each([
    ["channel:suport", ["channel:support", "channel:support-eu"]],
    ["channel:upsport-eu", ["channel:support-eu"]],
    ["user:Lnius", ["user:Linus"]],
    ["user:grace", ["user:grace*"]],
    ["user:hopper", ["user:~hopper"]],
    ["user:@hoper", ['user:"Grace Hopper"']],
    ["platform:slak", ["platform:slack"]],
    ["model:kimy", ["model:moonshotai/Kimi-K2.6"]],
    ["error:rate", ["error:rate*"]],
    ["error:rate_limted", ["error:rate_limited"]],
    ["refun", ["refun*"]],
    ['"a refun"', ['"a refun"*']],
    ["channel:zzzzzzzz refund", []],
  ])("%s is what there is: %j", async (query, queries) => {
    expect(await near(query)).toEqual({ unknown: [query.replace(/ refund$/, "")], queries });
  });

  it("is what it was but for the parts that find nothing by themselves", async () => {
    expect(await near("(channel:suport,board OR platform:slack) user:lnius refund sort:cost")).toEqual({
      unknown: ["channel:suport", "user:lnius"],
      queries: [
        "(channel:support,board OR platform:slack) user:Linus refund sort:cost",
        "(channel:support-eu,board OR platform:slack) user:Linus refund sort:cost",
      ],
    });
  });

  it("is no beginning of a phrase that would take long to look for", async () => {
    expect(await near('"have a ref"')).toBeUndefined();
    expect(await near("ref")).toEqual({ unknown: ["ref"], queries: ["ref*"] });
  });

  it("is nothing where each part finds something, or where a part must not be met", async () => {
    expect(await near("channel:support user:linus")).toBeUndefined();
    expect(await near("-channel:suport cost:>100")).toBeUndefined();
    expect(await near("channel:zzzzzzzz")).toBeUndefined();
    expect(await near("")).toBeUndefined();
  });

  it("has no name and no word that this viewer may not see", async () => {
    const support = viewer({ where: inChannel("C1"), reads: "content", private: false });
    expect(await near("channel:suport", support)).toMatchObject({ queries: ["channel:support"] });
    for (const query of ["channel:bord", "channel:boar", "user:lnius", "vouche", "reimburs"])
      expect(await near(query, support)).toBeUndefined();
    const anything = viewer({ where: { kind: "all", of: [] }, reads: "content", private: false });
    expect(await near("reimburs", anything)).toBeUndefined();
    expect(await near("channel:bord", anything)).toMatchObject({ queries: ["channel:board"] });
  });

  it("says of words that this viewer may not read what was said, rather than that there are none", async () => {
    const unread = viewer({ where: inChannel("C1"), reads: "metadata", private: false });
    for (const query of ["refund", "zzzz", "refun channel:support"])
      expect(await near(query, unread)).toEqual({ unknown: [query.split(" ")[0]], queries: [] });
    expect(await sentence('"a refund" channel:suport', unread)).toBe(
      'Nothing that you may see meets channel:suport by itself. You may not read what was said, so "a refund" was not looked for.',
    );
    expect(await sentence("refund", unread)).toBe(
      "You may not read what was said, so refund was not looked for.",
    );
    expect(await sentence("channel:suport", unread)).toBe(
      "Nothing that you may see meets channel:suport by itself.",
    );
  });

  it("asks no more of a long query than of a short one", async () => {
    const many = Array.from({ length: 200 }, (_, index) => `channel:zzzz${index}`).join(" OR ");
    expect((await near(many))?.unknown).toHaveLength(4);
  });
});
