import { archiveTellsContract } from "../contracts/archive-tells.ts";
import { archiveContract } from "../contracts/archive.ts";
import { sqliteBench } from "./bench.ts";

archiveContract("SQLite", () => sqliteBench(), 16);
archiveTellsContract("SQLite", () => sqliteBench());
