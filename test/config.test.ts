import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secretsOf } from "../src/config/environment.ts";
import { type Config, parseConfig } from "../src/config.ts";
import { fileJsonSchema } from "../src/config/file.ts";
import { ConfigError } from "../src/errors.ts";

const GOOD = {
  TELNYX_API_KEY: "KEY-good",
  SLACK_BOT_TOKEN: "xoxb-good",
  SLACK_APP_TOKEN: "xapp-good",
  DISCORD_TOKEN: "discord-good",
};

function problemsOf(env: Record<string, string>, text?: string): readonly string[] {
  try {
    parseConfig(env, text === undefined ? undefined : { path: "patchcord.yaml", text });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
const yaml = (text: string): Config => parseConfig(GOOD, { path: "patchcord.yaml", text });

describe("the environment", () => {
  it("alone is enough, with a default for everything that is no secret", () => {
    const { env, file } = parseConfig(GOOD);
    expect(env).toMatchObject({
      DATABASE_URL: "data/patchcord.db",
      HOST: "127.0.0.1",
      PORT: 3000,
      LOG_LEVEL: "info",
    });
    expect(env.TELNYX_BASE_URL).toBe("https://api.telnyx.com/v2");
    expect(file).toMatchObject({
      answer: { dm: true, channels: "mentions" },
      slack: { dm: "threads" },
      discord: { reply: "channel" },
    });
  });

  it.each([
    ["Slack by Socket Mode", { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" }],
    ["Slack by HTTP", { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "s" }],
    ["Discord", { DISCORD_TOKEN: "d" }],
  ])("with %s alone is enough", (_, platform) => {
    expect(problemsOf({ TELNYX_API_KEY: "KEY1", ...platform })).toEqual([]);
  });

  it("that is empty gets every missing variable named, each with what to do", () => {
    const problems = problemsOf({});
    expect(problems.join("\n")).toMatch(/TELNYX_API_KEY/);
    expect(problems.join("\n")).toMatch(/SLACK_BOT_TOKEN/);
    expect(problems.join("\n")).toMatch(/DISCORD_TOKEN/);
    for (const problem of problems) expect(problem).toMatch(/: .{10,}/);
  });

  it("treats a variable that is set to nothing as one that is not set", () => {
    expect(problemsOf({ ...GOOD, TELNYX_API_KEY: " " })).toHaveLength(1);
  });

  it("has every problem named at once, whatever is wrong together", () => {
    const wrong = {
      TELNYX_API_KEY: "",
      TELNYX_BASE_URL: "not-an-address-9931",
      SLACK_BOT_TOKEN: "xapp-swapped-9931",
      SLACK_APP_TOKEN: "xoxb-swapped-9931",
      DISCORD_TOKEN: "Bot token-9931",
      DATABASE_URL: "mysql://user:pw-9931@host/db",
      PORT: "eighty-9931",
      LOG_LEVEL: "loud-9931",
      ADMIN_TOKEN: "too-short-9931",
      PUBLIC_URL: "https://bot.example.com/path-9931",
    };
    fc.assert(
      fc.property(fc.subarray(Object.keys(wrong) as (keyof typeof wrong)[], { minLength: 1 }), (broken) => {
        const env = { ...GOOD, ...Object.fromEntries(broken.map((name) => [name, wrong[name]])) };
        const problems = problemsOf(env).join("\n");
        for (const name of broken) expect(problems).toContain(name);
        for (const name of Object.keys(wrong))
          if (!broken.includes(name as never)) expect(problems).not.toContain(`${name} must`);
        expect(problems).not.toContain("9931"); // no value is repeated: it may be a secret in the wrong variable
      }),
    );
  });

  it("takes a database's path as it is, and a PostgreSQL's address, and nobody else's", () => {
    const pathOf = (DATABASE_URL: string) => problemsOf({ ...GOOD, DATABASE_URL });
    for (const path of ["data/a.db", "/data/a.db", ":memory:", "C:\\data\\a.db"])
      expect(pathOf(path)).toEqual([]);
    for (const address of [
      "postgresql://host/db",
      "postgres://user:p%23ss@host:5433/db?sslmode=require",
      "postgres://user@/db?host=/run/postgresql",
    ])
      expect(pathOf(address)).toEqual([]);
    expect(pathOf("postgres://user:p#ss9931@host/db")).toEqual([
      expect.stringMatching(/^DATABASE_URL cannot be read.*%23 for #/),
    ]);
    for (const address of ["file:a.db", "sqlite:a.db", "sqlite:///a.db", "mysql://host/db"])
      expect(pathOf(address)).toEqual([expect.stringMatching(/^DATABASE_URL must be a path/)]);
  });

  it("counts a database's address and password among the secrets, as written and as meant, and a path not", () => {
    const secrets = (DATABASE_URL: string) => secretsOf({ DATABASE_URL });
    expect(secrets("data/a.db")).toEqual([]);
    expect(secrets("postgres://host/db")).toEqual([]);
    const url = "postgres://user:p%23ss@host/db";
    expect(secrets(url)).toEqual([url, "p%23ss", "p#ss"]);
    const elsewhere = "postgres:///db?user=u&password=s%23cret";
    expect(secrets(elsewhere)).toEqual([elsewhere, "s#cret", "s#cret"]);
  });

  it("says which half of Slack is missing", () => {
    expect(problemsOf({ TELNYX_API_KEY: "k", SLACK_BOT_TOKEN: "xoxb-1" })[0]).toMatch(
      /SLACK_APP_TOKEN.*SLACK_SIGNING_SECRET/,
    );
    const withDiscord = problemsOf({ TELNYX_API_KEY: "k", DISCORD_TOKEN: "d", SLACK_APP_TOKEN: "xapp-1" });
    expect(withDiscord).toEqual([expect.stringContaining("SLACK_BOT_TOKEN is missing, though")]);
    expect(problemsOf({ TELNYX_API_KEY: "k", SLACK_APP_TOKEN: "xapp-1" })).toEqual(withDiscord);
  });
});

describe("patchcord.yaml", () => {
  it("may be empty", () => {
    expect(yaml("")).toEqual(parseConfig(GOOD));
    expect(yaml("# nothing yet\n")).toEqual(parseConfig(GOOD));
  });

  it("says how the bot behaves, in general and in single channels", () => {
    const { file } = yaml(`
name: Operator
model: some/model
answer: { dm: false, channels: every_message }
channels:
  C0123: { answer: never }
  "123456789012345678": { model: other/model, instructions: Be a pirate. }
discord: { reply: thread }
`);
    expect(file).toMatchObject({
      name: "Operator",
      answer: { dm: false, channels: "every_message" },
      discord: { reply: "thread" },
    });
    expect(file.channels).toMatchObject({
      C0123: { answer: "never" },
      "123456789012345678": { model: "other/model" },
    });
  });

  it("has a setting that does not exist named, with the nearest that does", () => {
    expect(problemsOf(GOOD, "modle: x")).toEqual([
      "patchcord.yaml: modle is not a setting: did you mean model?",
    ]);
    expect(problemsOf(GOOD, "slack: { dms: one }")[0]).toContain(
      "slack.dms is not a setting: did you mean dm?",
    );
    expect(problemsOf(GOOD, "channels: { C1: { instruction: x } }")[0]).toContain(
      "did you mean instructions?",
    );
  });

  it("has every problem named together with the environment's", () => {
    const problems = problemsOf({}, "answer: { channels: sometimes }\nname: ''\nchannels: { general: {} }\n");
    const all = problems.join("\n");
    expect(all).toMatch(/answer\.channels must be one of mentions, every_message, never/);
    expect(all).toMatch(/name/);
    expect(all).toMatch(/general .*channel id/);
    expect(all).toMatch(/TELNYX_API_KEY/);
  });

  it("has a setting of the wrong kind said in plain words", () => {
    const long = `x: "${"long ".repeat(10)}"`.replace("x", "name");
    expect(problemsOf(GOOD, "name: 7\nmodel: ''\nanswer: { dm: perhaps }\nslack: one")).toEqual([
      "patchcord.yaml: name must be text: put it in quotes",
      "patchcord.yaml: model must not be empty: leave it out for the default",
      "patchcord.yaml: answer.dm must be true or false",
      "patchcord.yaml: slack must hold settings: write each as `setting: value`, indented on a line of its own",
    ]);
    const minutes = (value: string) => problemsOf(GOOD, `catch_up: { answer_within_minutes: ${value} }`);
    expect([...minutes("soon"), ...minutes("1.5"), ...minutes("0"), ...minutes("99999")]).toEqual(
      ["a whole number", "a whole number", "at least 1", "at most 10080"].map(
        (what) => `patchcord.yaml: catch_up.answer_within_minutes must be ${what}`,
      ),
    );
    expect(
      problemsOf(GOOD, "notify_after_seconds: -1\nchannels: { C1: { notify_after_seconds: 90000 } }"),
    ).toEqual([
      "patchcord.yaml: notify_after_seconds must be at least 0",
      "patchcord.yaml: channels.C1.notify_after_seconds must be at most 86400",
    ]);
    expect(problemsOf(GOOD, long)).toEqual(["patchcord.yaml: name must have at most 35 characters"]);
    expect(problemsOf(GOOD, "- a")[0]).toMatch(/^patchcord\.yaml: the file must hold settings/);
    expect(problemsOf(GOOD, "channels: [C1]")[0]).toMatch(/^patchcord\.yaml: channels must hold settings/);
  });

  it("that is no YAML is said so, with the place", () => {
    expect(problemsOf(GOOD, "model: [unclosed")[0]).toMatch(/not valid YAML.*line 1, column \d+$/);
    expect(problemsOf(GOOD, "just words")[0]).toMatch(/patchcord\.yaml/);
  });

  it("keeps a channel's id to the last digit, quoted or not", () => {
    const { file } = yaml("channels: { 123456789012345678: { answer: never } }");
    expect(Object.keys(file.channels)).toEqual(["123456789012345678"]);
  });

  it("that names an anchor which does not exist is said so", () => {
    expect(problemsOf(GOOD, "name: *nobody")[0]).toMatch(/^patchcord\.yaml is not valid YAML: .*nobody/);
  });

  it("has its schema published as it is", () => {
    expect(JSON.parse(readFileSync("patchcord.schema.json", "utf8"))).toEqual(fileJsonSchema());
  });
});
