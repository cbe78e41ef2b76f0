import { afterAll } from "vitest";
import { erasureContract } from "../../contracts/erasure.ts";
import { forgettingContract } from "../../contracts/forgetting.ts";
import { postgresHouse } from "./bench.ts";

const house = await postgresHouse();
afterAll(() => house.close());

erasureContract("PostgreSQL", house.open);
forgettingContract("PostgreSQL", house.open, 8);
