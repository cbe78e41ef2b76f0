import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { links } from "../../src/app/links.ts";
import type { MessageId, Place } from "../../src/chat/place.ts";
import { linksBeside } from "../../src/cli/sandbox-links.ts";
import type { Snapshot } from "../../src/sandbox/playground/server.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { adminWorld } from "../admin/world.ts";
import { patchcordIn } from "./said.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
});
afterAll(() => sandbox.close());

it("a command's links lead to the sandbox's page beside one, on either side, and to nothing that is not there", async () => {
  const { sides } = (await (await fetch(`${sandbox.url}/api/state`)).json()) as Snapshot;
  const beside = await linksBeside({ SANDBOX_URL: sandbox.url });
  const workspaceUrl = "https://acme.slack.com/";
  const shown = [...sides.slack.messages, ...sides.discord.messages].map(({ link }) => sandbox.url + link);
  expect(shown.length).toBeGreaterThan(2);
  for (const address of shown) {
    const { platform = "", places = [], id = "" as MessageId } = links.readLink(address, ["T1"]) ?? {};
    // A message on its own is in the channel's place; a link that names a thread has that one alone.
    const place = places.at(platform === "slack" ? -1 : 0) ?? ("" as Place);
    expect(beside.linkTo(platform, { place, id, workspaceUrl })).toBe(address);
  }
  const nowhere = { place: "slack:T1:C0NOWHERE" as Place, id: "1700000000.000100" as MessageId };
  expect(beside.linkTo("slack", { ...nowhere, workspaceUrl })).toBeUndefined();
  expect(beside.linkTo("discord", { place: "discord:1:2" as Place, id: "3" as MessageId })).toBeUndefined();
});

it("without a sandbox they lead to the platforms, and one that is gone is said to be", async () => {
  expect(await linksBeside({})).toBe(links);
  await expect(linksBeside({ SANDBOX_URL: "not an address" })).rejects.toThrow(/SANDBOX_URL must be/);
  const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
  try {
    const path = join(folder, "patchcord.db");
    await adminWorld(path, Date.now()).bench.close();
    const gone = await patchcordIn({ DATABASE_URL: path, SANDBOX_URL: "http://127.0.0.1:1" }, ["turns"]);
    expect(gone).toMatchObject({ code: 2, out: "" });
    expect(gone.err).toContain("no sandbox answers at http://127.0.0.1:1");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
