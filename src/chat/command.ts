import type { Author } from "./message.ts";
import type { Place } from "./place.ts";

/** Somebody gave the bot a command: `/patchcord` and some words. It is no message, and nobody else sees it or its answer. */
export interface Command {
  readonly platform: string;
  readonly workspaceId: string;
  /** Where it was given: a channel or a DM as a whole, or a thread where commands can be given in threads. */
  readonly place: Place;
  readonly by: Author;
  /** What was typed behind the command's name, as it was typed. */
  readonly words: string;
  /**
   * Whether the person runs the workspace: an admin or owner of a Slack workspace, a member with Manage Server on Discord. False where there is no
   * workspace. It may cost a call. Throws `PlatformRefusal` when it cannot be found out.
   */
  readonly manages: () => Promise<boolean>;
}

/** What a command answers, before it is cut to what a platform can show at once. Markdown. */
export interface PrivateAnswer {
  readonly text: string;
  /** Lines below it, the most important first. Those that find no room are counted. */
  readonly items?: readonly string[];
  /** How many there are in all, where `items` are only some. */
  readonly total?: number;
}
