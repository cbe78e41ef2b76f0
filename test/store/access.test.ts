import { accessContract } from "../contracts/access.ts";
import { sqliteBench } from "./bench.ts";

accessContract("SQLite", async () => sqliteBench());
