import { describe, expect, test } from "vitest";
import type { SlackAppConfig } from "../../src/slack/config.ts";
import { manifestScopes, slackManifest } from "../../src/slack/manifest.ts";

const app: SlackAppConfig = { name: "Patchcord", dm: "threads", channels: true, files: false };
const scopesOf = (config: SlackAppConfig) => slackManifest(config).oauth_config.scopes.bot;

describe("the manifest", () => {
  test("of a bot that answers everywhere, by sockets", () => {
    expect(slackManifest(app)).toMatchObject({
      display_information: { name: "Patchcord" },
      features: {
        app_home: { messages_tab_enabled: true, messages_tab_read_only_enabled: false },
        bot_user: { display_name: "Patchcord" },
        agent_view: {},
      },
      settings: {
        event_subscriptions: {
          bot_events: [
            "app_mention",
            "message.channels",
            "message.groups",
            "message.mpim",
            "message.im",
            "app_home_opened",
            "agent_session_stopped",
          ],
        },
        interactivity: { is_enabled: true },
        socket_mode_enabled: true,
      },
    });
    expect(slackManifest(app).settings.interactivity).not.toHaveProperty("request_url");
    expect(slackManifest(app).settings.event_subscriptions).not.toHaveProperty("request_url");
  });

  test("of a bot by HTTP names where events and presses go", () => {
    const redirectUrl = "https://bot.example.com/admin/sign-in/slack/back";
    expect(slackManifest({ ...app, redirectUrl }).oauth_config.redirect_urls).toEqual([redirectUrl]);
    expect(slackManifest(app).oauth_config).not.toHaveProperty("redirect_urls");
    const { settings } = slackManifest({ ...app, requestUrl: "https://bot.example.com/slack/events" });
    expect(settings.event_subscriptions.request_url).toBe("https://bot.example.com/slack/events");
    expect(settings.interactivity).toEqual({
      is_enabled: true,
      request_url: "https://bot.example.com/slack/events",
    });
    expect(settings.socket_mode_enabled).toBe(false);
  });

  test("asks for no more than is answered", () => {
    expect(scopesOf({ ...app, channels: false, dm: "one" })).toEqual([
      "chat:write",
      "users:read",
      "commands",
      "im:history",
      "im:read",
    ]);
    const channelsOnly = slackManifest({ ...app, dm: "off" });
    expect(channelsOnly.features).not.toHaveProperty("agent_view");
    expect(channelsOnly.features.app_home.messages_tab_enabled).toBe(false);
    expect(channelsOnly.oauth_config.scopes.bot.filter((scope) => /^(im|assistant):/.test(scope))).toEqual(
      [],
    );
    expect(slackManifest({ ...app, dm: "one" }).features).not.toHaveProperty("agent_view");
    expect(scopesOf({ ...app, dm: "one" })).not.toContain("assistant:write");
  });

  test("keeps within Slack's limits, and every scope has its reason", () => {
    const { display_information: shown, features } = slackManifest({ ...app, name: "x".repeat(35) });
    expect(shown.name.length).toBeLessThanOrEqual(35);
    expect(shown.description.length).toBeLessThanOrEqual(140);
    expect(features.agent_view?.agent_description.length).toBeLessThanOrEqual(300);
    const reasons = manifestScopes(app).map(({ why, without }) => [why, without]);
    expect(reasons.flat().every((reason) => reason.length > 20)).toBe(true);
    expect(new Set(scopesOf(app)).size).toBe(scopesOf(app).length);
  });
});
