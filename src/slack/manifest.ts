import type { SlackAppConfig } from "./config.ts";
import { type Answers, COMMAND, eventsFor, type ScopeNeed, scopesFor } from "./scopes.ts";

/** From which Slack makes an app (docs.slack.dev, App manifest reference). */
export interface SlackManifest {
  readonly _metadata: { readonly major_version: 2; readonly minor_version: 1 };
  readonly display_information: { readonly name: string; readonly description: string };
  readonly features: {
    readonly app_home: {
      readonly home_tab_enabled: boolean;
      readonly messages_tab_enabled: boolean;
      readonly messages_tab_read_only_enabled: boolean;
    };
    readonly bot_user: { readonly display_name: string; readonly always_online: boolean };
    readonly slash_commands: readonly (typeof COMMAND & {
      readonly url?: string;
      readonly should_escape: boolean;
    })[];
    readonly agent_view?: { readonly agent_description: string };
  };
  readonly oauth_config: {
    readonly redirect_urls?: readonly string[];
    readonly scopes: { readonly bot: readonly string[] };
  };
  readonly settings: {
    readonly event_subscriptions: { readonly request_url?: string; readonly bot_events: readonly string[] };
    readonly interactivity: { readonly is_enabled: boolean; readonly request_url?: string };
    readonly org_deploy_enabled: boolean;
    readonly socket_mode_enabled: boolean;
    readonly token_rotation_enabled: boolean;
  };
}

/** At most 140 characters (docs.slack.dev, App manifest reference); an agent's description may have 300. */
const DESCRIPTION = "Answers questions in threads and direct messages, with a model at Telnyx.";

/**
 * The manifest of an app that can do what the configuration says, and nothing else. An app in whose direct messages each thread is a
 * place is an agent: Slack shows its direct messages as threads.
 */
export function slackManifest(app: SlackAppConfig): SlackManifest {
  const answers = answersOf(app);
  const requestUrl = app.requestUrl === undefined ? {} : { request_url: app.requestUrl };
  const commandUrl = app.requestUrl === undefined ? {} : { url: app.requestUrl };
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: { name: app.name, description: DESCRIPTION },
    features: {
      app_home: {
        home_tab_enabled: false,
        messages_tab_enabled: answers.dms,
        messages_tab_read_only_enabled: false,
      },
      bot_user: { display_name: app.name, always_online: true },
      slash_commands: [{ ...COMMAND, ...commandUrl, should_escape: false }],
      ...(app.dm === "threads" ? { agent_view: { agent_description: DESCRIPTION } } : {}),
    },
    oauth_config: {
      ...(app.redirectUrl !== undefined && { redirect_urls: [app.redirectUrl] }),
      scopes: { bot: manifestScopes(app).map(({ scope }) => scope) },
    },
    settings: {
      event_subscriptions: { ...requestUrl, bot_events: eventsFor(answers) },
      interactivity: { is_enabled: true, ...requestUrl },
      org_deploy_enabled: false,
      socket_mode_enabled: app.requestUrl === undefined,
      token_rotation_enabled: false,
    },
  };
}

/** The scopes of the app's manifest, in order, each with what it is for. */
export function manifestScopes(app: SlackAppConfig): readonly ScopeNeed[] {
  return scopesFor(answersOf(app));
}

function answersOf(app: SlackAppConfig): Answers {
  const { channels, files, dm } = app;
  return { dms: dm !== "off", channels, files, agent: dm === "threads" };
}
