import { describe, expect, it } from "vitest";
import { edgesFor, type Said } from "../../../src/store/search/said.ts";

const bounds = { listed: 20, kept: 5, asking: 10 };
const said = (known: object): Said => ({
  phrases: new Map([["w", { newest: true, slowly: 1, many: 0, ...known }]]),
  turns: 1_000,
  isManifold: () => false,
});
const edge = (known: object, going: Parameters<typeof edgesFor>[1]) =>
  edgesFor(said(known), going, bounds).get("w");

describe("how words are looked for", () => {
  it("asks turn by turn where that is less than listing all that have the word", () => {
    const common = { id: 900, many: 400 };
    expect(edge(common, { asked: 39, along: false })).toEqual({ newest: true, dense: true });
    expect(edge(common, { asked: 40, along: false })).toBeUndefined();
    const beginning = { ...common, slowly: 20 };
    expect(edge(beginning, { asked: 1, along: false })).toMatchObject({ dense: true });
    expect(edge(beginning, { asked: 2, along: false })).toBeUndefined();
  });

  it("tells from how many have it how many a page will ask", () => {
    // One in two has it: a page of 20 asks 40, and as many as 500 are listed.
    expect(edge({ id: 960, many: 500 }, { page: 20, along: true })).toMatchObject({ dense: true });
    expect(edge({ id: 960, many: 400 }, { page: 20, along: true })).toMatchObject({ dense: false });
  });

  it("lists the near end of an order, and only where a search goes along it", () => {
    const common = { id: 900, many: 30 };
    expect(edge(common, { page: 20, along: true })).toEqual({ newest: true, dense: false, id: 900 });
    expect(edge(common, { asked: 500, along: false })).toBeUndefined();
  });

  it("never looks again for what took long to find, and never asks for it turn by turn", () => {
    const whole = { near: "[3]", many: 1 };
    const near = { near: "[3]", id: 3, many: 900 };
    for (const along of [true, false])
      expect(edge(whole, { asked: 1, along })).toEqual({ newest: true, dense: false, near: "[3]" });
    expect(edge(near, { asked: 1, along: true })).toEqual({ newest: true, dense: false, id: 3, near: "[3]" });
    expect(edge(near, { asked: 1, along: false })).toBeUndefined();
  });
});
