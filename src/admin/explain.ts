import type { HeardMessage } from "../store/heard.ts";
import type { ListedTurn, ListedConversation } from "./admin.ts";

/** A message that the model was given without being asked by it. What it says is at Telnyx. */
export interface ExplainedMessage extends Omit<HeardMessage, "id"> {
  /** Its address on its platform. */
  readonly link?: string;
}

/** Why the bot answered a message or did not, what the model was given, and what came of it. */
export interface Explanation {
  readonly link: string;
  /** Each rule in turn, as it went for this message. */
  readonly rules: readonly {
    readonly says: string;
    readonly outcome: "decides" | "passes" | "not_tried";
  }[];
  readonly answered: boolean;
  readonly turn?: ListedTurn;
  readonly conversation?: ListedConversation;
  /** What the model was given for it: nothing where the viewer may not read it. */
  readonly given?: {
    readonly input?: string;
    /** How many messages it was given before that were no questions to it. */
    readonly heard: number;
    /** The newest of those, at most 50, the oldest first. */
    readonly messages: readonly ExplainedMessage[];
    readonly earlierTurns: number;
  };
  /** What held when it was asked. */
  readonly settings: Readonly<Record<string, string>>;
  /** What is not known, and why. */
  readonly gaps: readonly string[];
}
