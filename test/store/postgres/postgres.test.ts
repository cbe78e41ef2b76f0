import { afterAll } from "vitest";
import { mailboxContract } from "../../contracts/mailbox.ts";
import { storeContract } from "../../contracts/store.ts";
import { postgresHouse } from "./bench.ts";

const house = await postgresHouse();
afterAll(() => house.close());

mailboxContract("PostgreSQL", house.open, 20);
storeContract("PostgreSQL", house.open);
