import { expect, it } from "vitest";
import { alone } from "../../src/store/alone.ts";
import { aloneContract } from "../contracts/replicas.ts";

const nothing = async () => {};
aloneContract("SQLite", async () => {
  const replicas = alone();
  return { process: async () => replicas, die: nothing, pass: nothing, close: nothing };
});

it("counts nothing for others where there are none", () => {
  expect(alone().tally).toBeUndefined();
});
