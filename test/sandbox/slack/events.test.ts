import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ALL_EVENTS } from "../../../src/sandbox/slack/events.ts";
import { kinds, MENTION, say, sent, useScenes, withKettle, type Json, type Scene } from "./helpers.ts";

const { scene } = useScenes();

/** Every path to a value, with the value's type. List items count as one. */
function shapeOf(value: unknown, path = ""): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => shapeOf(item, `${path}[]`));
  if (typeof value !== "object" || value === null)
    return [`${path}: ${value === null ? "null" : typeof value}`];
  return Object.entries(value).flatMap(([name, item]) => shapeOf(item, `${path}.${name}`));
}

function fixture(name: string): Json {
  return JSON.parse(
    readFileSync(new URL(`../../fixtures/slack/${name}.json`, import.meta.url), "utf8"),
  ) as Json;
}

/** What happens in the workspace to make Slack send the fixture's event last. */
const DEEDS: Readonly<Record<string, (scene: Scene) => unknown>> = {
  app_mention: (scene) => say(scene, MENTION),
  app_mention_edited: (scene) => scene.twin.edit(scene.harbour, say(scene, MENTION), `${MENTION} Really?`),
  message: (scene) => say(scene, "Morning, everyone"),
  message_im_reply: ({ twin, ann }) => {
    const channel = twin.openDm(ann);
    const threadTs = twin.say({ channel, user: ann, text: "how deep?" });
    twin.say({ channel, user: ann, text: "and in feet?", threadTs });
  },
  message_bot: (scene) => say(scene, "It boils", { user: withKettle(scene) }),
  message_bot_legacy: (scene) => say(scene, "It boils", { user: withKettle(scene), botStyle: "legacy" }),
  message_changed: (scene) => scene.twin.edit(scene.harbour, say(scene, "mornin"), "evening"),
  message_deleted: (scene) => scene.twin.delete(scene.harbour, say(scene, "never mind")),
  message_file_share: (scene) =>
    say(scene, "the chart", { files: [{ name: "chart.png", mimetype: "image/png", size: 12_345 }] }),
  message_thread_broadcast: (scene) =>
    say(scene, "for all", { threadTs: say(scene, "a thread"), broadcast: true }),
  reaction_added: (scene) => scene.twin.react(scene.harbour, say(scene, "hm"), scene.bob, "owl"),
  member_joined_channel: ({ twin, ann }) =>
    twin.addToChannel(twin.addChannel({ name: "other", members: [ann] }), twin.bot.userId),
};

/** Fields of today's payloads that the sources, some years old, do not show. */
const NEWER: readonly string[] = [
  ".context_team_id: string",
  ".context_enterprise_id: null",
  ".authorizations[]",
  ".is_ext_shared_channel",
  ".event_context",
  ".event.client_msg_id: string",
  ".event.team: string",
  ".event.app_id: string",
  ".event.blocks[]",
  ".event.event_ts",
  ".event.parent_user_id",
  ".event.root.blocks[]",
  ".event.root.subscribed",
  ".event.files[].file_access",
  ".event.message.client_msg_id",
  ".event.previous_message.client_msg_id",
  ".event.previous_message.blocks[]",
];

describe("an event", () => {
  it.each(Object.keys(DEEDS))("%s has the fields of the documented payload", async (name) => {
    const made = await scene();
    DEEDS[name]?.(made);
    const type = (fixture(name)["event"] as Json)["type"];
    const payload = made.twin.deliveries.findLast(({ type: sentType }) => sentType === type)?.payload;
    const [documented, dispatched] = [shapeOf(fixture(name)), shapeOf(payload)];
    expect(dispatched).toEqual(expect.arrayContaining([...documented]));
    const extra = dispatched.filter(
      (path) => !documented.includes(path) && !NEWER.some((known) => path.startsWith(known)),
    );
    expect(extra).toEqual([]);
  });

  it("is wrapped with the workspace, the app and one authorization", async () => {
    const made = await scene();
    say(made, "hello");
    const { team, bot, deliveries } = made.twin;
    expect(deliveries[0]?.payload).toMatchObject({
      team_id: team.id,
      api_app_id: bot.appId,
      type: "event_callback",
      authorizations: [{ team_id: team.id, user_id: bot.userId, is_bot: true }],
    });
    expect(deliveries[0]?.payload["event_id"]).toMatch(/^Ev/u);
  });
});

describe("subscriptions and scopes", () => {
  it.each([
    ["message.channels", "channels:history", "public"],
    ["message.groups", "groups:history", "private"],
    ["message.im", "im:history", "im"],
    ["message.mpim", "mpim:history", "mpim"],
  ])("%s brings messages by %s", async (subscription, scope, kind) => {
    const send = async (events: readonly string[], scopes: readonly string[]) => {
      const { twin, ann, bob, harbour } = await scene({ events, scopes });
      const places: Record<string, string> = {
        public: harbour,
        private: twin.addChannel({ name: "cabin", kind: "private" }),
        im: twin.openDm(ann),
        mpim: twin.openDm(ann, bob),
      };
      for (const channel of Object.values(places)) twin.say({ channel, user: ann, text: "hi" });
      return sent(twin).map((event) => Object.keys(places).find((name) => places[name] === event["channel"]));
    };
    const others = ALL_EVENTS.filter((name) => name !== subscription);
    const scopes = ["channels:history", "groups:history", "im:history", "mpim:history"];
    expect(await send([subscription], scopes)).toEqual([kind]);
    expect(await send(ALL_EVENTS, [scope])).toEqual([kind]);
    expect(await send(others, scopes)).not.toContain(kind);
    expect(
      await send(
        ALL_EVENTS,
        scopes.filter((name) => name !== scope),
      ),
    ).not.toContain(kind);
  });

  it.each([
    ["app_mention", "app_mentions:read"],
    ["reaction_added", "reactions:read"],
    ["member_joined_channel", "channels:read"],
    ["channel_rename", "channels:read"],
  ])("%s asks for %s", async (type, scope) => {
    const all = ["app_mentions:read", "reactions:read", "channels:read"];
    const send = async (events: readonly string[], scopes: readonly string[]) => {
      const made = await scene({ events, scopes });
      const { twin, harbour } = made;
      twin.react(harbour, say(made, MENTION), made.bob, "owl");
      twin.addToChannel(harbour, twin.addUser({ name: "cleo" }));
      twin.rename(harbour, "port");
      return kinds(twin);
    };
    expect(await send([type], all)).toEqual([type]);
    expect(await send(ALL_EVENTS, [scope])).toContain(type);
    expect(
      await send(
        ALL_EVENTS.filter((name) => name !== type),
        all,
      ),
    ).not.toContain(type);
    expect(
      await send(
        ALL_EVENTS,
        all.filter((name) => name !== scope),
      ),
    ).not.toContain(type);
  });
});
