import type { Condition, ConversationKey, TurnFacts } from "./archive.ts";

/** PORT, a part of the archive's: what is asked about conversations that a search found, of many at once. */
export interface OfFound {
  /** Which of these conversations meet the condition, in no order. */
  meeting(conversations: readonly ConversationKey[], where: Condition): Promise<readonly ConversationKey[]>;
  /**
   * The turns in these conversations that meet the condition: conversation by conversation in the order given, in each the oldest first. They
   * come in pages, none of them empty. Between two pages others get the process and the database, and nothing is held open: what changes
   * meanwhile may be there as it was or as it is.
   */
  turnsIn(conversations: readonly ConversationKey[], part: TurnsIn): AsyncIterable<readonly TurnFacts[]>;
  /**
   * Everybody who asked something in these conversations, with every name that they had in that workspace, and whose messages they were given
   * without being asked by them, with the names that they had then: a list for each, in the order given.
   */
  peopleIn(conversations: readonly ConversationKey[]): Promise<readonly (readonly Person[])[]>;
}

export interface TurnsIn {
  readonly where: Condition;
  /** How many turns a page has at the most, 1 to 1,000: one with several conversations may have a few more that came just now. */
  readonly limit: number;
}

/** Somebody by their platform's id. */
export interface Person {
  readonly id: string;
  readonly names: readonly string[];
}
