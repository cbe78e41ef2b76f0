import { afterAll } from "vitest";
import { archiveTellsContract } from "../../contracts/archive-tells.ts";
import { archiveContract } from "../../contracts/archive.ts";
import { sumsContract } from "../../contracts/sums.ts";
import { postgresHouse } from "./bench.ts";

const house = await postgresHouse();
afterAll(() => house.close());

archiveContract("PostgreSQL", house.open, 4);
archiveTellsContract("PostgreSQL", house.open);
sumsContract("PostgreSQL", house.open, 4);
