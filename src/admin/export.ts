import type { ListedConversation, ListedTurn } from "./admin.ts";

export interface ExportRequest {
  readonly query: string;
  /** Names become pseudonyms, and what the patterns find is taken out. */
  readonly redact: boolean;
}

export interface ExportedConversation {
  readonly conversation: ListedConversation;
  /** Those that meet the query, oldest first. */
  readonly turns: readonly ListedTurn[];
}
