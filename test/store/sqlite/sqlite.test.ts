import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { mailboxContract } from "../../contracts/mailbox.ts";
import { storeContract } from "../../contracts/store.ts";
import { sqliteBench } from "../bench.ts";

const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
let files = 0;
const onFile = () => sqliteBench(join(folder, `${(files += 1)}.db`));
afterAll(() => rmSync(folder, { recursive: true }));

mailboxContract("SQLite in memory", () => sqliteBench(), 100);
mailboxContract("a SQLite file", onFile, 20);
storeContract("SQLite in memory", () => sqliteBench());
storeContract("a SQLite file", onFile);
