/** What the Slack adapter is told. Secrets come from the environment, the rest from `patchcord.yaml`. */
export interface SlackConfig {
  /** The bot user's token, `xoxb-…`. */
  readonly botToken: string;
  readonly transport: SlackTransport;
  /** Where the Web API is. Default: Slack's own, `https://slack.com/api/`. */
  readonly apiUrl?: string;
  /**
   * `threads`: each thread of a direct message is a place, as Slack's agent view shows them, and a message outside of
   * a thread starts one. `one`: what is said outside of threads is one place.
   */
  readonly dm: "threads" | "one";
  /** How replies grow. Default: `auto`. */
  readonly streaming?: StreamingMode;
  /** What is suggested when a person opens the bot's direct message. */
  readonly prompts?: readonly Prompt[];
  /** Where the bot answers at all: what the start looks for among the granted scopes. Default: everywhere. */
  readonly answers?: { readonly dms: boolean; readonly channels: boolean };
  /** A code block of more pages is posted as a file. 0, and the default: never. */
  readonly codeAsFileAfterPages?: number;
}

/**
 * `native`: by Slack's streams wherever Slack lets it. `auto`: by streams in direct messages, where everybody sees them grow, and by
 * edits elsewhere. `edit`: by edits.
 */
export type StreamingMode = "auto" | "native" | "edit";

/** `title` is shown, `message` is sent. */
export interface Prompt {
  readonly title: string;
  readonly message: string;
}

export type SlackTransport =
  /** Slack's events come over WebSockets that we open. `appToken` is the app-level token, `xapp-…`. */
  | { readonly kind: "socket"; readonly appToken: string }
  /** Slack's events come as HTTP requests, signed with the app's signing secret. */
  | { readonly kind: "http"; readonly signingSecret: string };

/** What a Slack app has to be able to do: all that its manifest depends on. No secret is among it. */
export interface SlackAppConfig {
  readonly name: string;
  /** What the bot does in direct messages. */
  readonly dm: "threads" | "one" | "off";
  /** It answers in channels, group direct messages among them. */
  readonly channels: boolean;
  /** It posts long code as files. */
  readonly files: boolean;
  /** HTTP mode: the address that Slack posts events to. Absent: Socket Mode. */
  readonly requestUrl?: string;
  /** Where people come back to from signing in to the console. Absent: nobody does. */
  readonly redirectUrl?: string;
}
