import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLog, redact } from "../src/log.ts";

function logged(secrets: readonly string[], write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog("debug", secrets, { write: (line) => void lines.push(line) }));
  return lines.join("");
}

// Put together here, so that no scanner takes the test for a leak.
const SHAPES = [
  ["xoxb", "123456789012-abcdefABCDEF"].join("-"),
  ["xapp", "1-A0123-456-abcdef0123456789"].join("-"),
  ["KEY", "0123456789ABCDEF0123_abcdefghijkl"].join(""),
  ["pc", "0123456789-ABCDEF0123_abcdefghijklmnopqrstuv"].join("_"),
  ["MTEyMjMzNDQ1NTY2Nzc4ODk5", "GabcdE", "abcdefghijklmnopqrstuvwxyz0123456789AB"].join("."),
];

describe("the log", () => {
  it.each(SHAPES)("shows no token by its shape, wherever it stands (%#)", (secret) => {
    const lines = logged([], (log) => {
      log.info({ header: `Bearer ${secret}`, deep: { list: [secret] } }, `the token is ${secret}.`);
      log.error({ err: new Error(`refused: ${secret}`) }, "it failed");
    });
    expect(lines).not.toContain(secret);
    expect(lines).toContain("it failed");
  });

  it("shows neither the ticket of a Slack socket nor a payload's token, as the SDK logs them", () => {
    const lines = logged([], (log) => {
      log.debug('result: {"url":"wss://wss-primary.slack.com/link/?ticket=0a1b2c3d-4e5f&app_id=A01"}');
      log.debug('received {"token":"ZZZZZZWSxiZZZ2yIvs3peJ","team_id":"T01"}');
    });
    expect(lines).not.toMatch(/0a1b2c3d|ZZZ2yIvs3peJ/);
    expect(lines).toContain("?ticket=[secret]&app_id=A01");
    expect(
      lines
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { msg: string }).msg)[1],
    ).toBe('received {"token":"[secret]","team_id":"T01"}');
  });

  it("shows no secret that it was told, whatever its shape, and stays JSON", () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_!#$%&()*+./:;<=>?@^{|}~-]{8,40}$/);
    fc.assert(
      fc.property(secret, fc.string(), (hidden, around) => {
        const lines = logged([hidden], (log) => log.warn({ value: `${around}${hidden}${around}` }, hidden));
        expect(lines).not.toContain(hidden);
      }),
    );
  });

  it("leaves ordinary words alone", () => {
    const text =
      "turn settled in thread 1795419312.847000, keyboard KEY, xoxo, Bot answered, ticket=42, token: none";
    expect(redact(text)).toBe(text);
  });
});
