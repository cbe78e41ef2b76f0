import type { ConversationKey } from "../store/archive.ts";

export interface SyncRequest {
  /** Only tells what differs. */
  readonly dry: boolean;
}

/** One way in which Telnyx and this bridge differ, and what was done about it. */
export type Difference = { readonly telnyxId: string; readonly done: boolean; readonly why?: string } & (
  | { readonly kind: "missing_here"; readonly name?: string; readonly adopted?: ConversationKey }
  | { readonly kind: "gone_there"; readonly conversation: ConversationKey }
  | {
      readonly kind: "metadata";
      readonly conversation: ConversationKey;
      readonly changes: readonly { readonly key: string; readonly there?: string; readonly here?: string }[];
    }
);
