import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";

/** A stored message. What it is answered as is in messages.ts. */
export interface TwinMessage {
  /** `user`, `assistant`, `tool`, `system`, `reasoning`, or whatever was sent. */
  readonly role: string;
  /** Null where a tool call has no text. */
  readonly text: string | null;
  readonly name?: string;
  readonly toolCalls?: readonly TwinToolCall[];
  /** On a tool's output: which call it answers. */
  readonly toolCallId?: string;
  /** ISO 8601. Later for each message of a conversation, by at least a millisecond. */
  readonly createdAt: string;
  readonly sentAt: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface TwinToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface TwinConversation {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly lastMessageAt: string;
}

export interface NewTwinMessage {
  readonly role: string;
  readonly text: string | null;
  readonly name?: string;
  readonly toolCalls?: readonly TwinToolCall[];
  readonly toolCallId?: string;
  readonly sentAt?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What the twin holds, open to tests: they may look at it and change it behind the API's back. */
export interface TwinState {
  /** Of all organizations, oldest first. */
  conversations(): readonly TwinConversation[];
  conversation(id: string): TwinConversation | undefined;
  /** Oldest first; empty for an unknown conversation. */
  messages(conversation: string): readonly TwinMessage[];
  /** `organization` is the first key's, `createdAt` now, unless given. */
  addConversation(fields?: {
    readonly organization?: string;
    readonly name?: string;
    readonly metadata?: Readonly<Record<string, string>>;
    readonly createdAt?: string;
  }): TwinConversation;
  /** Nothing happens when the conversation is gone. */
  addMessages(conversation: string, messages: readonly NewTwinMessage[]): void;
  updateMetadata(conversation: string, metadata: Readonly<Record<string, string>>): void;
  deleteConversation(id: string): boolean;
  clear(): void;
}

export function createState(deps: { clock: Clock; organization: string }): TwinState {
  const rows = new Map<string, { conversation: TwinConversation; messages: TwinMessage[] }>();

  const addMessages = (id: string, added: readonly NewTwinMessage[]) => {
    const row = rows.get(id);
    if (!row) return;
    for (const message of added) {
      const last = row.messages.at(-1);
      const at = Math.max(deps.clock.now(), last ? Date.parse(last.createdAt) + 1 : 0);
      const createdAt = new Date(at).toISOString();
      row.messages.push({ metadata: {}, sentAt: createdAt, ...message, createdAt });
      row.conversation = { ...row.conversation, lastMessageAt: createdAt };
    }
  };

  return {
    conversations: () => [...rows.values()].map((row) => row.conversation),
    conversation: (id) => rows.get(id)?.conversation,
    messages: (id) => rows.get(id)?.messages ?? [],
    addConversation: (fields = {}) => {
      const createdAt = fields.createdAt ?? new Date(deps.clock.now()).toISOString();
      const conversation = {
        id: randomUUID(),
        organization: fields.organization ?? deps.organization,
        name: fields.name ?? "",
        metadata: { ...fields.metadata },
        createdAt,
        lastMessageAt: createdAt,
      };
      rows.set(conversation.id, { conversation, messages: [] });
      return conversation;
    },
    addMessages,
    updateMetadata: (id, metadata) => {
      const row = rows.get(id);
      if (row) row.conversation = { ...row.conversation, metadata: { ...metadata } };
    },
    deleteConversation: (id) => rows.delete(id),
    clear: () => rows.clear(),
  };
}
