/** What the Discord adapter is told. Made from the environment and `patchcord.yaml`. */
export interface DiscordConfig {
  readonly token: string;
  /** Where Discord's API is, without the version. Default: https://discord.com/api. */
  readonly apiUrl?: string;
  /** `thread`: a question in a channel gets a thread of its own, and that thread is the place. */
  readonly reply: "channel" | "thread";
  /**
   * Whether to ask for the text of messages that do not mention the bot (a privileged intent). `auto`: when the
   * application has it. `true`: always; the start fails where it is not granted.
   */
  readonly messageContent: "auto" | boolean;
  /** A code block of more pages is posted as a file. 0, and the default: never. */
  readonly codeAsFileAfterPages?: number;
}
