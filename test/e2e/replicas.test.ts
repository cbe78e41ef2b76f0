import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newDatabase, type TestDatabase } from "../postgres/database.ts";
import { postgresProxy, type PostgresProxy } from "../postgres/proxy.ts";
import { holdAnswers, openStage, type Stage } from "./harness.ts";
import { eventually, until } from "../eventually.ts";
import { type Command, startCommand } from "./process.ts";

let folder: string;
let stage: Stage;
let database: TestDatabase;
/** The database is away: nothing is answered. */
let isAway: boolean;
let proxy: PostgresProxy;
const commands: Command[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-replicas-"));
  isAway = false;
  [database, stage] = await Promise.all([newDatabase(), openStage(join(folder, "unused.db"))]);
  proxy = await postgresProxy(database.url, { toServer: () => (isAway ? "cut" : undefined) });
});
afterEach(async () => {
  for (const { child } of commands.splice(0)) child.kill("SIGKILL");
  await stage.close();
  await proxy.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
/** A replica, and what its `/healthz` says. */
async function replica(env: Record<string, string> = {}) {
  const port = await freePort();
  const variables = { ...stage.variables, DATABASE_URL: proxy.url, PORT: String(port), DISCORD_TOKEN: "" };
  const command = startCommand(folder, { ...variables, ...env });
  commands.push(command);
  const healthIs = (status: number, problem: RegExp = /^/) =>
    until(`health ${status} ${problem}`, async () => {
      const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
      const { problems = [] } = ((await response?.json()) ?? {}) as { problems?: string[] };
      return response?.status === status && problem.test(problems.join());
    });
  const ready = () => eventually("it is ready", () => command.logged("patchcord is ready").length > 0);
  return { command, healthIs, ready };
}
const settled = () => commands.flatMap(({ logged }) => logged("turn settled"));

describe("a PostgreSQL that is away", () => {
  it("is waited for at the start, with health red", async () => {
    isAway = true;
    const { command, healthIs, ready } = await replica();
    await healthIs(503, /database cannot be reached/);
    isAway = false;
    await ready();
    await healthIs(200);
    command.kill("SIGTERM");
    expect(await command.ended()).toBe(0);
  });

  it("makes health red until it is back; then what was said meanwhile is answered once", async () => {
    const { slack } = stage;
    const ada = slack.addUser({ name: "ada" });
    const channel = slack.addChannel({ name: "support" });
    const { healthIs, ready } = await replica();
    await ready();
    await healthIs(200);
    isAway = true;
    const root = slack.say({ channel, user: ada, text: `<@${slack.bot.userId}> hello` });
    await healthIs(503, /database/);
    isAway = false;
    await eventually("it is answered", () => settled().length > 0, 90_000);
    await healthIs(200);
    const replies = slack.messages(channel, root).filter(({ user }) => user === slack.bot.userId);
    expect(replies).toHaveLength(1);
  }, 150_000);
});

describe("two replicas", () => {
  it("one that is stopped leaves what waits to the other", async () => {
    const { slack, telnyx } = stage;
    const ada = slack.addUser({ name: "ada" });
    const channel = slack.addChannel({ name: "support" });
    const both = [await replica(), await replica()];
    for (const { ready } of both) await ready();
    const { letGo } = holdAnswers(telnyx);
    const root = slack.say({ channel, user: ada, text: `<@${slack.bot.userId}> go on` });
    const replies = () => slack.messages(channel, root).filter(({ user }) => user === slack.bot.userId);
    await eventually("the reply has begun", () => replies().length > 0);
    slack.say({ channel, user: ada, text: "say thanks", threadTs: root });
    const writes = await eventually("both are stored", () => {
      const added = both.flatMap(({ command }) => command.logged("message addressed"));
      return added.length >= 2 && both.find(({ command }) => /"turn":1,/.test(command.out()));
    });
    const rest = both.find((one) => one !== writes)!;
    writes.command.kill("SIGTERM");
    await eventually(
      "it is stopping",
      () => writes.command.logged("stopping: live replies may finish").length > 0,
    );
    letGo();
    expect(await writes.command.ended()).toBe(0);
    await eventually("both are settled", () => settled().length === 2);
    expect(settled().map((line) => /"outcome":"(\w+)"/.exec(line)?.[1])).toEqual(["done", "done"]);
    expect(rest.command.logged("turn settled").length).toBeGreaterThan(0);
    expect(replies()).toHaveLength(2);
    rest.command.kill("SIGTERM");
    expect(await rest.command.ended()).toBe(0);
  });
});
