import { describe, expect, it } from "vitest";
import { secretsOf } from "../../src/config/environment.ts";
import { parseConfig } from "../../src/config.ts";
import { ConfigError } from "../../src/errors.ts";

const GOOD = { TELNYX_API_KEY: "KEY-good", DISCORD_TOKEN: "discord-good" };

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("the environment", () => {
  it("takes the address that people reach it at alone, and writes it in one form", () => {
    const publicUrl = (PUBLIC_URL: string) => parseConfig({ ...GOOD, PUBLIC_URL }).env.PUBLIC_URL;
    expect(publicUrl("https://Bot.Example.com/")).toBe("https://bot.example.com");
    expect(publicUrl("http://localhost:3000")).toBe("http://localhost:3000");
    for (const address of ["https://a:b@h", "https://h/#a", "https://h/admin", "ftp://h", "h"])
      expect(() => publicUrl(address), address).toThrow(/PUBLIC_URL must be/);
  });

  it("has an operator's token that nobody guesses, which is a secret", () => {
    const ADMIN_TOKEN = "0123456789abcdef".repeat(2);
    expect(problemsOf({ ...GOOD, ADMIN_TOKEN })).toEqual([]);
    expect(problemsOf({ ...GOOD, ADMIN_TOKEN: ADMIN_TOKEN.slice(1) })).toEqual([
      expect.stringMatching(/^ADMIN_TOKEN must have at least 32 characters.*openssl rand/),
    ]);
    expect(secretsOf({ ADMIN_TOKEN })).toEqual([ADMIN_TOKEN]);
  });
});
