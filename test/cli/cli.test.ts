import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PATIENCE_MS } from "../eventually.ts";
import { patchcordIn } from "./said.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the real command in an empty folder, with these variables and no others of ours. */
function patchcord(
  args: readonly string[],
  env: Record<string, string> = {},
  nodeArgs: readonly string[] = [],
) {
  const run = spawnSync(process.execPath, [...nodeArgs, resolve("bin/patchcord.js"), ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    encoding: "utf8",
    timeout: 2 * PATIENCE_MS,
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** Variables that name a configuration file which says this. */
function configured(text: string): { readonly PATCHCORD_CONFIG: string } {
  const path = join(folder, "patchcord.yaml");
  writeFileSync(path, text);
  return { PATCHCORD_CONFIG: path };
}

describe("patchcord start", () => {
  it("without configuration names every missing variable and what to do, and exits 2", () => {
    const { code, out, err } = patchcord(["start"]);
    expect(code).toBe(2);
    expect(out).toBe("");
    for (const name of ["TELNYX_API_KEY", "SLACK_BOT_TOKEN", "DISCORD_TOKEN"]) expect(err).toContain(name);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it("names what is wrong in the environment, in .env and in patchcord.yaml together", () => {
    writeFileSync(join(folder, ".env"), "TELNYX_API_KEY=KEY0123456789abcdef\nPORT=many\n");
    writeFileSync(join(folder, "patchcord.yaml"), "modle: x\n");
    const { code, err } = patchcord([], { SLACK_BOT_TOKEN: "xoxb-1" });
    expect(code).toBe(2);
    expect(err).toMatch(/PORT must/);
    expect(err).toMatch(/did you mean model\?/);
    expect(err).toMatch(/SLACK_APP_TOKEN/);
    expect(err).not.toContain("KEY0123456789abcdef");
  });

  it("says that a named configuration file does not exist, along with whatever else is wrong", () => {
    const { code, err } = patchcord([], { PATCHCORD_CONFIG: "elsewhere.yaml" });
    expect(code).toBe(2);
    expect(err).toContain("elsewhere.yaml");
    expect(err).toContain("TELNYX_API_KEY");
    writeFileSync(join(folder, ".env"), "PATCHCORD_CONFIG=\n");
    expect(patchcord([]).err).not.toContain("PATCHCORD_CONFIG");
  });

  it("says that a file which it should read is a folder, as container mounts make them", () => {
    mkdirSync(join(folder, "patchcord.yaml"));
    mkdirSync(join(folder, ".env"));
    const { code, err } = patchcord([], { PATCHCORD_CONFIG: "patchcord.yaml" });
    expect(code).toBe(2);
    expect(err).toMatch(/\.env cannot be read/);
    expect(err).not.toMatch(/\n\s+at /);
    rmSync(join(folder, ".env"), { recursive: true });
    expect(patchcord([]).err).toMatch(/patchcord\.yaml cannot be read/);
  });

  it("on an older Node says so in one line", () => {
    const old = `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.20.2"}})`;
    const { code, err } = patchcord(["start"], {}, ["--import", old]);
    expect(code).toBe(2);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).toMatch(/Node\.js 24 or newer.*20\.20\.2/);
  });
});

describe("patchcord models", () => {
  it("waits out its tries at a Telnyx that cannot be reached, and says so", async () => {
    // Nothing listens on port 9, "discard", of a loopback.
    const env = { TELNYX_API_KEY: "KEY0123456789abcdef", TELNYX_BASE_URL: "http://127.0.0.1:9/v2" };
    const { code, out, err } = await patchcordIn(env, ["models"]);
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toMatch(/^patchcord: cannot connect to Telnyx: .*\[telnyx_unreachable\]\n$/);
  });
});

describe("the commands that need no secrets", () => {
  it("print the Slack manifest, by configuration", async () => {
    const socket = await patchcordIn(configured(""), ["manifest"]);
    expect(socket.code).toBe(0);
    expect(socket.out).toMatch(/socket_mode_enabled: true/);
    expect(socket.out).toMatch(/app_mention/);
    const zed = configured("name: Zed\nanswer: { dm: false }\n");
    const http = await patchcordIn(zed, ["manifest", "--url", "https://bot.example.com"]);
    expect(http.out).toMatch(/request_url: https:\/\/bot\.example\.com\/slack\/events/);
    expect(http.out).toMatch(/socket_mode_enabled: false/);
    expect(http.out).toMatch(/Zed/);
    expect(http.out).not.toMatch(/message\.im/);
  });

  it("keep the path under which a proxy passes Slack's events on", async () => {
    const manifest = (url: string) => patchcordIn(configured(""), ["manifest", "--url", url]);
    const urlFor = async (url: string) => /request_url: (.*)/.exec((await manifest(url)).out)?.[1];
    expect(await urlFor("https://bot.example.com/")).toBe("https://bot.example.com/slack/events");
    expect(await urlFor("https://example.com/bots/patch/?x#y")).toBe(
      "https://example.com/bots/patch/slack/events",
    );
    expect(await urlFor("https://example.com/bots/slack/events")).toBe(
      "https://example.com/bots/slack/events",
    );
    expect((await manifest("http://bot.example.com")).code).toBe(2);
  });

  it("print the invite address of the token's application", async () => {
    const token = `${Buffer.from("112233445566778899").toString("base64")}.abc.def`;
    const { code, out } = await patchcordIn({ ...configured(""), DISCORD_TOKEN: token }, ["invite"]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^https:\/\/discord\.com\/oauth2\/authorize\?client_id=112233445566778899&scope=bot\+applications\.commands&permissions=\d+\n$/,
    );
    expect((await patchcordIn(configured(""), ["invite"])).code).toBe(2);
  });

  it("print the schema", () => {
    expect(JSON.parse(patchcord(["schema"]).out)).toMatchObject({ title: "patchcord.yaml" });
  });

  it("refuse what is no command, and name the nearest", async () => {
    const { code, out, err } = await patchcordIn({}, ["conversatoins", "list"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toBe(
      "There is no command conversatoins. Did you mean conversations? patchcord --help lists them.\n",
    );
    expect((await patchcordIn({}, ["start", "xyzzyxyzzy"])).err).toBe(
      "There is no command xyzzyxyzzy. patchcord --help lists them.\n",
    );
  });

  it("refuse what they do not know", async () => {
    expect(await patchcordIn({}, ["strat"])).toMatchObject({ code: 2 });
    expect(await patchcordIn({}, ["sandbox", "--port", "none"])).toMatchObject({ code: 2 });
    expect(await patchcordIn({}, ["sandbox", "--help"])).toMatchObject({ code: 0, err: "" });
  });
});
