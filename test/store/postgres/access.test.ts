import { afterAll } from "vitest";
import { accessContract } from "../../contracts/access.ts";
import { postgresHouse } from "./bench.ts";

const house = await postgresHouse();
afterAll(() => house.close());

accessContract("PostgreSQL", () => house.open());
