import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { ConfigError } from "../../src/errors.ts";

const GOOD = { TELNYX_API_KEY: "KEY-good", DISCORD_TOKEN: "discord-good" };

function problemsOf(env: Record<string, string>, text: string): readonly string[] {
  try {
    parseConfig(env, { path: "patchcord.yaml", text });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
const yaml = (text: string) => parseConfig(GOOD, { path: "patchcord.yaml", text });

describe("the grants in patchcord.yaml", () => {
  it("say who may see what, as little as possible where they do not say", () => {
    const { file } = yaml(`
admin:
  grants:
    - { who: "slack:T1:U1", where: "channel:support" }
    - { who: "discord:manage-server", where: "", reads: content, private: true, rights: [export, forget] }
`);
    expect(file.admin.grants).toEqual([
      { who: "slack:T1:U1", where: "channel:support", reads: "metadata", private: false, rights: [] },
      {
        who: "discord:manage-server",
        where: "",
        reads: "content",
        private: true,
        rights: ["export", "forget"],
      },
    ]);
    expect(yaml("").file.admin.grants).toEqual([]);
  });

  it("have every problem told at once, each with its place", () => {
    const problems = problemsOf(
      GOOD,
      `
admin:
  grants:
    - { who: "slack:U1", where: "chanel:x user:ada" }
    - { who: "slack:workspace-admins", where: "", rights: [sync], raeds: content }
    - { who: "discord:manage-server" }
`,
    ).join("\n");
    expect(problems).toMatch(/admin\.grants\.0\.who names nobody: .*slack:workspace-admins/);
    expect(problems).toMatch(/admin\.grants\.0\.where At character 1: .*Did you mean channel:\?/);
    expect(problems).toMatch(/admin\.grants\.0\.where At character 10: .*cannot go by user:/);
    expect(problems).toMatch(/admin\.grants\.1\.rights\.0 must be one of export, forget, hold, audit/);
    expect(problems).toMatch(/admin\.grants\.1\.raeds is not a setting: did you mean reads\?/);
    expect(problems).toMatch(/admin\.grants\.2\.where must be text/);
    expect(problems.split("\n")).toHaveLength(6);
  });
});

describe("what redacted exports leave out", () => {
  it("is what the file says", () =>
    expect(yaml('admin: { redact: ["order \\\\d+"] }').file.admin.redact).toEqual(["order \\d+"]));

  it("has to be a regular expression that means something", () => {
    const problems = problemsOf(GOOD, 'admin: { redact: ["(secret", "x*", ""] }');
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(/admin\.redact\.0 .*no regular expression/);
    expect(problems[1]).toMatch(/admin\.redact\.1 .*empty/);
    expect(problems.join()).not.toContain("secret");
  });
});
