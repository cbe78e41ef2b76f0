import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../../src/log.ts";
import { openSqlite } from "../../src/store/open.ts";
import { HELD, holdAnswers, openStage, type Stage } from "./harness.ts";
import { eventually } from "../eventually.ts";
import { type Command, startCommand } from "./process.ts";
import { forkStarts, type Refusal, type Starts } from "./starts.ts";

let folder: string;
let stage: Stage;
const commands: Command[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-start-"));
  stage = await openStage(join(folder, "start.db"));
});
afterEach(async () => {
  for (const { child } of commands.splice(0)) child.kill("SIGKILL");
  await stage.close();
  rmSync(folder, { recursive: true });
});

const WRONG_KEY = "KEY0000-nobody-knows-this-one";
const WRONG_BOT = "xoxb-000000000000-wrong-token-of-slack";
const WRONG_APP = "xapp-1-A0000-000-wrong-token-of-slack";
const WRONG_DISCORD = "MTAwMDAwMDAwMDAwMDAwMDAw.wrong0.wrong-token-of-discord-00000";

function start(env: Record<string, string> = {}): Command {
  const command = startCommand(folder, { ...stage.variables, ...env });
  commands.push(command);
  return command;
}

describe("a start that cannot go on says why, ends, and leaves nothing open", () => {
  let starts: Starts;
  let secrets: string[];
  beforeAll(() => {
    starts = forkStarts();
    secrets = [];
  });
  afterAll(() => starts.kill());

  /** What it says when it cannot start: no secret, and nothing that only a programmer understands. */
  async function refusal(env: Record<string, string>): Promise<Refusal> {
    const all: Record<string, string> = { ...stage.variables, ...env };
    for (const name of ["TELNYX_API_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DISCORD_TOKEN"])
      secrets.push(all[name] ?? "");
    const refused = await starts.refused({ folder, env: all });
    for (const secret of secrets) expect(refused.err).not.toContain(secret);
    expect(refused.err).not.toMatch(/\n\s+at /);
    return refused;
  }

  it.each([
    ["Slack's bot token", { SLACK_BOT_TOKEN: WRONG_BOT }, /SLACK_BOT_TOKEN/],
    ["Slack's app-level token", { SLACK_APP_TOKEN: WRONG_APP }, /SLACK_APP_TOKEN/],
    ["Discord's token", { DISCORD_TOKEN: WRONG_DISCORD }, /DISCORD_TOKEN/],
  ])("for %s that is refused", async (_, env, named) => {
    const { code, err } = await refusal(env);
    expect(code).toBe(1);
    expect(err).toMatch(named);
  });

  it("for two platforms at once, naming both", async () => {
    const { err } = await refusal({ SLACK_BOT_TOKEN: WRONG_BOT, DISCORD_TOKEN: WRONG_DISCORD });
    expect(err).toMatch(/SLACK_BOT_TOKEN/);
    expect(err).toMatch(/DISCORD_TOKEN/);
  });

  it("for a model that Telnyx does not have, naming the nearest", async () => {
    writeFileSync(join(folder, "patchcord.yaml"), "model: moonshotai/Kimi-K2.7\n");
    const { code, err } = await refusal({});
    expect(code).toBe(2);
    expect(err).toMatch(/model moonshotai\/Kimi-K2\.7 is not .*moonshotai\/Kimi-K2\.6/);
  });

  it("for a key that Telnyx refuses", async () => {
    const { code, err } = await refusal({ TELNYX_API_KEY: WRONG_KEY });
    expect(code).toBe(2);
    expect(err).toMatch(/TELNYX_API_KEY is refused/);
  });

  it("for an address at which there is no Telnyx API", async () => {
    const { code, err } = await refusal({ TELNYX_BASE_URL: new URL("/", stage.telnyx.url).href });
    expect(code).toBe(2);
    expect(err).toMatch(/TELNYX_BASE_URL .*404.* such as https:\/\/api\.telnyx\.com\/v2/);
  });

  it("for a database that another process has", async () => {
    const other = openSqlite({ path: join(folder, "start.db"), log: createLog("silent") });
    const { code, err } = await refusal({});
    await other.close();
    expect(code).toBe(1);
    expect(err).toMatch(/Another patchcord runs on the database .*DATABASE_URL/);
  });

  it("for a port that is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as { port: number };
    const { code, err } = await refusal({ PORT: String(port) });
    await new Promise((resolve) => taken.close(resolve));
    expect(code).toBe(1);
    expect(err).toMatch(new RegExp(`Port ${port} is taken.*set PORT`));
  });

  it("as a process of its own ends with the code that it says", async () => {
    const command = start({ TELNYX_API_KEY: WRONG_KEY });
    expect(await command.ended()).toBe(2);
    expect(command.err()).toMatch(/TELNYX_API_KEY is refused/);
    expect(command.out() + command.err()).not.toContain(WRONG_KEY);
  });

  it("and all of these together keep no process from its end, and log no secret", async () => {
    const logged = await starts.ended();
    expect(logged).toContain("database open");
    for (const secret of secrets) expect(logged).not.toContain(secret);
  });
});

describe("the database", () => {
  it("can be read by the bot's own user alone: it holds what people wrote", async () => {
    const command = start({ DISCORD_TOKEN: "", DATABASE_URL: join(folder, "private", "bot.db") });
    await eventually("it is ready", () => command.logged("patchcord is ready").length > 0);
    const paths = readdirSync(join(folder, "private")).map((name) => join(folder, "private", name));
    expect(paths.length).toBeGreaterThan(1);
    for (const path of [join(folder, "private"), ...paths])
      expect((statSync(path).mode & 0o077).toString(8), path).toBe("0");
    command.kill("SIGTERM");
    expect(await command.ended()).toBe(0);
  });
});

describe("a start while Telnyx", () => {
  it.each([
    ["cannot be reached", () => ({ TELNYX_BASE_URL: "http://127.0.0.1:9/v2" })],
    [
      "does not answer",
      () => {
        stage.telnyx.inject({
          matches: ({ path }) => path.endsWith("/models"),
          times: 10,
          effect: { kind: "stall" },
        });
        return {};
      },
    ],
  ])(
    "%s goes on with a warning, and ends when it is told to",
    async (_, prepare) => {
      const command = start(prepare());
      const [ready] = await eventually("it is ready", () => {
        const lines = command.logged("patchcord is ready");
        return lines.length > 0 && lines;
      });
      expect(command.out()).toMatch(/"level":40.*starting without the check/);
      const { url } = JSON.parse(ready ?? "{}") as { url: string };
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      command.kill("SIGTERM");
      expect(await command.ended()).toBe(0);
    },
    60_000,
  );
});

describe("SIGTERM", () => {
  it("while it starts ends the process in order", async () => {
    const command = start({ DATABASE_URL: "postgres://nobody@127.0.0.1:9/nowhere" });
    await eventually("it waits for the database", () => command.out().includes("the start waits for it"));
    command.kill("SIGTERM");
    expect(await command.ended()).toBe(0);
    expect(command.err()).toBe("");
    expect(command.out().trimEnd()).toMatch(/"msg":"stopped"\}$/);
  });

  it("in the middle of a reply lets it finish, then ends the process", async () => {
    const { slack, telnyx } = stage;
    const { letGo } = holdAnswers(telnyx);
    const ada = slack.addUser({ name: "ada" });
    const channel = slack.addChannel({ name: "support" });
    const command = start({ DISCORD_TOKEN: "" });
    await eventually("it is ready", () => command.logged("patchcord is ready").length > 0);
    const root = slack.say({ channel, user: ada, text: `<@${slack.bot.userId}> go on` });
    const replies = () => slack.messages(channel, root).filter(({ user }) => user === slack.bot.userId);
    await eventually("the reply has begun", () => replies().length > 0);
    command.kill("SIGTERM");
    await eventually("it is stopping", () => command.logged("stopping: live replies may finish").length > 0);
    expect(telnyx.live()).toBe(1);
    letGo();

    expect(await command.ended()).toBe(0);
    expect(command.logged("turn settled")).toEqual([expect.stringContaining('"outcome":"done"')]);
    const text = replies()
      .flatMap(({ shown }) => shown.map((part) => part.text))
      .join("\n");
    expect(text).toBe(HELD);
    expect(command.err()).toBe("");
    expect(command.out().trimEnd()).toMatch(/"msg":"stopped"\}$/);
  });

  it("twice ends the process at once", async () => {
    const { slack, telnyx } = stage;
    holdAnswers(telnyx);
    const ada = slack.addUser({ name: "ada" });
    const channel = slack.addChannel({ name: "support" });
    const command = start({ DISCORD_TOKEN: "" });
    await eventually("it is ready", () => command.logged("patchcord is ready").length > 0);
    slack.say({ channel, user: ada, text: `<@${slack.bot.userId}> go on` });
    await eventually("the model writes", () => telnyx.live() === 1);
    command.kill("SIGTERM");
    await eventually("it is stopping", () => command.logged("stopping: live replies may finish").length > 0);
    command.kill("SIGTERM");
    expect(await command.ended()).toBe(1);
  });
});
