#!/usr/bin/env node
// Plain JavaScript that every Node can parse: it must run on an old Node to say that it is too old,
// before better-sqlite3 13 is loaded, which crashes there (it needs Node-API 10).
import { existsSync } from "node:fs";
import module from "node:module";

const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error(
    `patchcord needs Node.js 24 or newer, and this is ${process.versions.node}. Run it with "npm start", which brings its own, or install Node.js 24.`,
  );
  process.exit(2);
}
// Half of a start is the compiling of what was compiled for the start before. Threads are told by the environment.
module.enableCompileCache?.();
const compiled = module.getCompileCacheDir?.();
if (compiled) process.env["NODE_COMPILE_CACHE"] ??= compiled;
const source = new URL("../src/cli.ts", import.meta.url); // absent in the image, which carries dist alone
const { main } = await import(
  existsSync(source) ? source.href : new URL("../dist/cli.js", import.meta.url).href
);
await main(process.argv);
