import { describe, expect, it } from "vitest";
import {
  demand,
  EVERYTHING,
  type Grant,
  mustSeeAll,
  operator,
  readBy,
  readsAll,
  RIGHTS,
  seenBy,
  seesAll,
  type Viewer,
  within,
} from "../../src/admin/viewer.ts";
import type { Condition } from "../../src/store/archive.ts";

const inChannel = (...values: string[]): Condition => ({ kind: "word", field: "channelId", values });
const text: Condition = { kind: "text", words: ["refund"], prefix: false };
const notPrivate: Condition = {
  kind: "not",
  of: { kind: "word", field: "kind", values: ["private", "dm", "group_dm"] },
};

function viewer(...grants: Grant[]): Viewer {
  return { id: "slack:T1:U1", name: "Ada", via: "chat", grants, rights: new Set(["read"]) };
}

describe("a viewer", () => {
  it("sees what any grant gives, and nothing without one", () => {
    const [c1, c2] = [inChannel("C1"), inChannel("C2")];
    const both = viewer(
      { where: c1, reads: "metadata", private: false },
      { where: c2, reads: "content", private: false },
    );
    expect(seenBy(both)).toEqual({ kind: "any", of: [c1, c2] });
    expect(seenBy(viewer())).toEqual({ kind: "any", of: [] });
  });

  it("reads what is private only where a grant says so", () => {
    const grant = { where: inChannel("C1"), reads: "content", private: false } as const;
    expect(readBy(viewer(grant))).toEqual({
      kind: "any",
      of: [{ kind: "all", of: [grant.where, notPrivate] }],
    });
    expect(readBy(viewer({ ...grant, private: true }))).toEqual({ kind: "any", of: [grant.where] });
    expect(readBy(viewer({ ...grant, reads: "metadata", private: true }))).toEqual({ kind: "any", of: [] });
  });

  it("finds text only where it may be read, however deep in the question it is asked for", () => {
    const one = viewer({ where: inChannel("C1"), reads: "metadata", private: true });
    const kept: Condition = { kind: "all", of: [text, readBy(one)] };
    const asked: Condition = {
      kind: "any",
      of: [inChannel("C9"), { kind: "not", of: { kind: "all", of: [text, inChannel("C1")] } }],
    };
    expect(within(asked, one)).toEqual({
      kind: "all",
      of: [
        {
          kind: "any",
          of: [inChannel("C9"), { kind: "not", of: { kind: "all", of: [kept, inChannel("C1")] } }],
        },
        seenBy(one),
      ],
    });
  });

  it("may do what it has a right to, and is told whom to ask for the rest", () => {
    const ada = viewer();
    expect(() => demand(ada, "read")).not.toThrow();
    expect(() => demand(ada, "forget")).toThrow(/Ada has no right to forget: ask who runs the bot/);
    const all = operator({ id: "cli:root", name: "root", via: "cli" });
    for (const right of RIGHTS) expect(() => demand(all, right)).not.toThrow();
  });

  it("may do something only where a grant of theirs gives the right to", () => {
    const [c1, c2, c3] = ["C1", "C2", "C3"].map((channel) => ({
      where: inChannel(channel),
      reads: "content" as const,
      private: false,
    })) as [Grant, Grant, Grant];
    const ada: Viewer = {
      ...viewer({ ...c1, rights: new Set(["read", "hold"]) }, { ...c2, rights: new Set(["read"]) }, c3),
      rights: new Set(["read", "hold", "export"]),
    };
    expect(demand(ada, "hold").grants.map(({ where }) => where)).toEqual([c1.where, c3.where]);
    expect(demand(ada, "export").grants.map(({ where }) => where)).toEqual([c3.where]);
    expect(demand(ada, "read").grants).toHaveLength(3);
    expect(() => demand({ ...ada, grants: ada.grants.slice(1, 2) }, "hold")).toThrow(/no right to hold/);
  });

  it("who does not see and read everything may not do what goes through everything", () => {
    const everything: Grant = { where: EVERYTHING, reads: "content", private: true };
    expect(() => mustSeeAll(viewer(everything))).not.toThrow();
    for (const less of [{ where: inChannel("C1") }, { reads: "metadata" as const }, { private: false }])
      expect(() => mustSeeAll(viewer({ ...everything, ...less }))).toThrow(/Ada does not see all/);
  });
});

it("whoever sees everything does so on another thread as well", () => {
  const there = structuredClone(operator({ id: "cli:root", name: "root", via: "cli" }));
  expect([seesAll(there), readsAll(there)]).toEqual([true, true]);
});
