import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { ConfigError } from "../../src/errors.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";

describe("the sandbox", () => {
  it("gives the bridge all it needs, on loopback alone", async () => {
    const sandbox = await startSandbox({ port: 0 });
    try {
      const config = parseConfig(sandbox.environment, { path: "sandbox", text: sandbox.behaviour });
      expect(config.file.name).toBe("Patch");
      const addresses = Object.values(sandbox.environment).filter((value) => value.startsWith("http"));
      expect([...addresses, sandbox.url].map((address) => new URL(address).hostname)).toEqual(
        Array.from({ length: 4 }, () => "127.0.0.1"),
      );
      expect((await fetch(sandbox.url)).status).toBe(200);
    } finally {
      await sandbox.close();
    }
    await expect(fetch(sandbox.url)).rejects.toThrow();
  });

  it("links to the bot's console once it is there", async () => {
    const sandbox = await startSandbox({ port: 0 });
    const state = async () =>
      (await (await fetch(`${sandbox.url}/api/state`)).json()) as Record<string, unknown>;
    try {
      expect(await state()).not.toHaveProperty("console");
      sandbox.offerConsole("http://127.0.0.1:1/admin");
      expect((await state())["console"]).toBe("http://127.0.0.1:1/admin");
    } finally {
      await sandbox.close();
    }
  });

  it("takes the real Telnyx where it is given, and then shows nothing behind the scenes", async () => {
    const sandbox = await startSandbox({ port: 0, real: { TELNYX_API_KEY: "KEY" } });
    try {
      expect(sandbox.environment["TELNYX_API_KEY"]).toBe("KEY");
      expect(sandbox.environment["TELNYX_BASE_URL"]).toBeUndefined();
      const state = (await (await fetch(`${sandbox.url}/api/state`)).json()) as Record<string, unknown>;
      expect(state["behind"]).toBeUndefined();
    } finally {
      await sandbox.close();
    }
  });

  it("says what to do when its port is taken, and leaves nothing running", async () => {
    const first = await startSandbox({ port: 0 });
    const port = Number(new URL(first.url).port);
    try {
      const refused = await startSandbox({ port }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ConfigError);
      expect((refused as ConfigError).problems.join()).toMatch(
        new RegExp(`Port ${port} is taken.*--port ${port + 1}`),
      );
    } finally {
      await first.close();
    }
  });
});
