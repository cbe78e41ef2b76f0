import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import type { SlackChange } from "../../src/sandbox/slack/types.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import { decodePlace, encodePlace, messageId } from "../../src/slack/place.ts";
import { buttonBlocks, pressIn } from "../../src/slack/presses.ts";
import { describePresses, type PressHarness } from "../contracts/platform-presses.ts";
import { configFor, type Kind, mounted, slackOn } from "./harness.ts";

/** The adapter with the real Bolt, on a Slack twin of its own. */
async function openHarness(kind: Kind): Promise<PressHarness> {
  const twin = await startSlackTwin({ delivery: { ackTimeoutMs: 1_500 } });
  const ada = twin.addUser({ name: "ada" });
  const told: { place: Place; text: string }[] = [];
  let opened = 0;
  twin.subscribe((change: SlackChange) => {
    if (change.kind !== "ephemeral") return;
    expect(change.user).toBe(ada);
    const { channel, threadTs, text } = change;
    const thread = threadTs === undefined ? {} : { threadTs };
    told.push({ place: encodePlace({ team: twin.team.id, channel, ...thread }), text });
  });
  const find = (place: Place, ts: string) => {
    const { channel, threadTs } = decodePlace(place);
    return twin.messages(channel, threadTs).find((message) => message.ts === ts)!;
  };
  return {
    create: () => {
      const platform = slackOn(twin, configFor(twin, kind));
      return kind.transport === "http" ? mounted(twin, platform) : platform;
    },
    openPlace: async () => {
      const isDm = kind.places === "dm";
      const channel = isDm ? twin.openDm(ada) : twin.addChannel({ name: `channel${(opened += 1)}` });
      const at = { team: twin.team.id, channel };
      if (isDm && kind.dm === "one") return encodePlace(at);
      return encodePlace({ ...at, threadTs: twin.say({ channel, user: ada, text: "its beginning" }) });
    },
    shown: (place, id) => {
      const { shown, buttons } = find(place, id);
      return {
        text: shown.map(({ text }) => text).join("\n"),
        labels: buttons.map(({ text }) => text),
      };
    },
    press: (place, id, label) => {
      const { channel, ts, buttons } = find(place, messageId(id));
      const { actionId } = buttons.find(({ text }) => text === label)!;
      return twin.press({ channel, ts, user: ada, actionId });
    },
    person: { id: ada, name: "ada" },
    told: () => told,
    notified: () => twin.notifications.map(({ mention }) => mention),
    close: () => twin.close(),
  };
}

describePresses("Slack by sockets, in channels' threads", () =>
  openHarness({ transport: "socket", dm: "threads", places: "channel" }),
);
describePresses("Slack by HTTP, in a direct message that is one place", () =>
  openHarness({ transport: "http", dm: "one", places: "dm" }),
);

const self = { team: "T1", botUserId: "U0BOT", botId: "B0BOT", botName: "Patch" };
const place = encodePlace({ team: "T1", channel: "C1", threadTs: "1700000000.000100" });
const [block] = buttonBlocks([{ action: "stop", label: "Stop", turn: 12 }], place);
const body = {
  type: "block_actions",
  user: { id: "U1", username: "ada" },
  container: { type: "message", message_ts: "1700000001.000100", channel_id: "C1" },
  message: { user: "U0BOT", bot_id: "B0BOT" },
  actions: block!.elements,
};

describe("pressIn", () => {
  test("reads what a button says", () => {
    const by = { id: "U1", name: "ada", kind: "person" };
    expect(pressIn(body, self)).toEqual({ platform: "slack", place, action: "stop", turn: 12, by });
    expect(pressIn({ ...body, message: { bot_id: "B0BOT" } }, self)).toBeDefined();
  });

  const [element] = block!.elements;
  const value = (text: string) => ({ actions: [{ ...element, value: text }] });
  test.each([
    ["another kind of interaction", { type: "view_submission" }],
    ["a button of something else", { actions: [{ ...element, action_id: "approve" }] }],
    ["an action that we do not have", { actions: [{ ...element, action_id: "patchcord_delete" }] }],
    ["nothing at all", { actions: [] }],
    ["somebody else's message", { message: { user: "U2", bot_id: "B2" } }],
    ["a message that nobody told of", { message: undefined }],
    ["a button of another channel", { container: { channel_id: "C2" } }],
    ["nobody", { user: {} }],
    ["no turn", value(place)],
    ["a turn that is no number", value(`1e3 ${place}`)],
    ["no place", value("12")],
    ["no place of Slack's", value("12 discord:1:2")],
  ])("does nothing for %s", (_, change) => {
    expect(pressIn({ ...body, ...change }, self)).toBeUndefined();
  });

  test("takes any JSON", () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => pressIn(json, self) === undefined));
    const keys = fc.constantFrom(...(Object.keys(body) as (keyof typeof body)[]));
    fc.assert(
      fc.property(keys, fc.jsonValue(), (key, json) => {
        expect(() => pressIn({ ...body, [key]: json }, self)).not.toThrow();
      }),
    );
  });
});
