import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { HELD, holdAnswers, openStage, type Stage } from "./harness.ts";
import { eventually } from "../eventually.ts";

let folder: string;
let stage: Stage;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-e2e-"));
  stage = await openStage(join(folder, "e2e.db"));
  await stage.start({ env: { DISCORD_TOKEN: "" } });
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

/** Asks in a direct message; what is shown of the reply, and the person's thread. */
function ask(text: string) {
  const { slack } = stage;
  const ada = slack.addUser({ name: "ada" });
  const dm = slack.openDm(ada);
  const root = slack.say({ channel: dm, user: ada, text });
  const pages = () => slack.messages(dm, root).filter(({ user }) => user === slack.bot.userId);
  const shown = () => pages().map((page) => page.shown.map((piece) => piece.text).join("\n"));
  return { ada, dm, root, pages, shown };
}
const settled = () =>
  eventually("it is settled", () => stage.lines.find((line) => line.includes('"turn settled"')));
const methods = () => new Set(stage.slack.calls.map(({ method }) => method));

it("an answer in a direct message is streamed, and stands whole at its end", async () => {
  const { letGo } = holdAnswers(stage.telnyx);
  const { pages, shown, dm, root } = ask("tell me about telephones");
  await eventually("it streams", () => pages().some(({ isStreaming }) => isStreaming));
  letGo();
  await settled();
  expect(shown()).toEqual([HELD]);
  expect(pages().every(({ isStreaming, edited }) => !isStreaming && !edited)).toBe(true);
  expect(methods()).toContain("chat.stopStream");
  expect(methods()).not.toContain("chat.update");
  expect(stage.slack.session(dm, root)).toEqual({
    status: "active",
    title: "tell me about telephones",
  });
  expect(stage.slack.notifications).toEqual([]);
  expect(stage.slack.calls.filter(({ status }) => status === 429)).toEqual([]);
});

it("Slack's own Stop ends it where it is", async () => {
  holdAnswers(stage.telnyx);
  const { ada, dm, root, pages, shown } = ask("tell me about telephones");
  await eventually("it streams", () => pages().some(({ isStreaming }) => isStreaming));
  stage.slack.stopSession(dm, root, ada);
  await eventually("it has stopped", () =>
    shown().at(-1)?.endsWith("_The answer stops here: I was stopped._"),
  );
  expect(await settled()).toContain('"outcome":"stopped"');
  expect(stage.slack.session(dm, root)?.status).toBe("active");
});
