import { describe, expect, test } from "vitest";
import { applicationIdOf, discordInvite } from "../../src/discord/invite.ts";
import { ConfigError } from "../../src/errors.ts";

describe("discordInvite", () => {
  // Bits from the table of permissions: docs.discord.com, Permissions.
  const basic = (1n << 10n) | (1n << 11n) | (1n << 38n) | (1n << 16n);
  const createThreads = 1n << 35n;
  const permissionsIn = (url: string) => BigInt(new URL(url).searchParams.get("permissions") ?? 0);

  test("is an address that adds the bot of this application", () => {
    const url = new URL(discordInvite({ reply: "channel" }, "123456789012345678"));
    expect(url.origin + url.pathname).toBe("https://discord.com/oauth2/authorize");
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: "123456789012345678",
      scope: "bot applications.commands",
    });
  });

  test("asks for the right to open threads only where the bot opens them", () => {
    expect(permissionsIn(discordInvite({ reply: "channel" }, "1"))).toBe(basic);
    expect(permissionsIn(discordInvite({ reply: "thread" }, "1"))).toBe(basic | createThreads);
  });
});

describe("applicationIdOf", () => {
  test("reads the id from a token, without asking anyone", () => {
    // The token of docs.discord.com, API Reference, Authentication.
    const token = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs";
    expect(applicationIdOf(token)).toBe("198622483471925248");
  });

  test.each(["", "nonsense", "xoxb-1-2-3", "bm90IGEgbnVtYmVy.Cl2FMQ.x"])(
    "refuses %j, without repeating it",
    (token) => {
      expect(() => applicationIdOf(token)).toThrow(ConfigError);
      expect(() => applicationIdOf(token)).toThrow(/DISCORD_TOKEN is not a bot's token/);
    },
  );
});
