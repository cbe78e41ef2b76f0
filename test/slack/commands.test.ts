import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import { commandIn, manages } from "../../src/slack/commands.ts";
import { encodePlace } from "../../src/slack/place.ts";
import { type CommandHarness, describeCommands } from "../contracts/platform-commands.ts";
import { until } from "../eventually.ts";
import { configFor, mounted, slackOn } from "./harness.ts";

/** The adapter with the real Bolt, on a Slack twin of its own, in a channel that the bot is not in. */
async function openHarness(transport: "socket" | "http"): Promise<CommandHarness> {
  const twin = await startSlackTwin({ delivery: { ackTimeoutMs: 3_000 } });
  const ada = twin.addUser({ name: "ada" });
  const boss = twin.addUser({ name: "boss", isAdmin: true });
  const channel = twin.addChannel({ name: "elsewhere", members: [ada, boss] });
  const told: { to: string; text: string }[] = [];
  twin.subscribe((change) => {
    if (change.kind === "ephemeral")
      told.push({ to: change.user, text: change.shown.map(({ text }) => text).join("\n") });
  });
  return {
    create: () => {
      const platform = slackOn(twin, configFor(twin, { transport, dm: "threads" }));
      return transport === "http" ? mounted(twin, platform) : platform;
    },
    place: encodePlace({ team: twin.team.id, channel }),
    workspaceId: twin.team.id,
    person: { id: ada, name: "ada" },
    admin: { id: boss },
    give: (user, words) => twin.command({ channel, user, text: `/patchcord ${words}` }),
    told: () => told,
    shown: () => twin.messages(channel).map(({ text }) => text),
    notified: () => twin.notifications.map(({ mention }) => mention),
    failNextAnswer: () =>
      twin.inject({
        matches: ({ path }) => path.startsWith("/actions/"),
        times: 1,
        effect: { kind: "answer", status: 503 },
      }),
    close: () => twin.close(),
  };
}

describeCommands("Slack by sockets", () => openHarness("socket"));
describeCommands("Slack by HTTP", () => openHarness("http"));

const body = {
  command: "/patchcord",
  team_id: "T1",
  channel_id: "C1",
  user_id: "U1",
  user_name: "ada",
  text: "help",
  response_url: "https://hooks.slack.com/commands/T1/1/x",
};

describe("commandIn", () => {
  test("reads a command, with words and without", () => {
    const by = { id: "U1", name: "ada", kind: "person" };
    const common = { platform: "slack", workspaceId: "T1", place: "slack:T1:C1", by };
    expect(commandIn(body)?.command).toEqual({ ...common, words: "help" });
    expect(commandIn({ ...body, text: undefined })?.command).toEqual({ ...common, words: "" });
  });

  test("takes any JSON", () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => commandIn(json) === undefined));
    const keys = fc.constantFrom(...(Object.keys(body) as (keyof typeof body)[]));
    fc.assert(
      fc.property(keys, fc.jsonValue(), (key, json) => {
        expect(() => commandIn({ ...body, [key]: json })).not.toThrow();
      }),
    );
    for (const key of ["command", "team_id", "channel_id", "user_id", "response_url"])
      expect(commandIn({ ...body, [key]: "" })).toBeUndefined();
  });
});

test("who runs another workspace does not run this one, nor does who left", () => {
  const admin = { team_id: "T1", is_admin: true };
  expect(manages(admin, "T1")).toBe(true);
  expect(manages({ team_id: "T1", is_owner: true }, "T1")).toBe(true);
  expect(manages({ ...admin, team_id: "T2" }, "T1")).toBe(false);
  expect(manages({ ...admin, deleted: true }, "T1")).toBe(false);
  expect(manages({ team_id: "T1", is_admin: "true" }, "T1")).toBe(false);
});

test("an answer that Slack takes no more is given up at once", async () => {
  const twin = await startSlackTwin();
  const ada = twin.addUser({ name: "ada" });
  const channel = twin.addChannel({ name: "general" });
  twin.inject({
    matches: ({ path }) => path.startsWith("/actions/"),
    times: 1,
    effect: { kind: "answer", status: 404 },
  });
  const platform = slackOn(twin);
  await platform.start({
    receive: async () => {},
    press: async () => undefined,
    changed: () => {},
    command: async () => "lost",
  });
  expect(await twin.command({ channel, user: ada, text: "/patchcord help" })).toBe(true);
  const answers = () => twin.requests.filter(({ path }) => path.startsWith("/actions/")).length;
  await until("it was tried", () => answers() === 1);
  await platform.stop();
  expect(answers()).toBe(1);
  expect(() => twin.command({ channel, user: ada, text: "/nothing" })).toThrow(/not a valid command/u);
  await twin.close();
});
