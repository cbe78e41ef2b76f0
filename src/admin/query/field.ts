import type { ChannelKind } from "../../chat/place.ts";
import type {
  NameField,
  NumberField,
  PartField,
  Sort,
  TimeField,
  TurnStatus,
  WordField,
} from "../../store/archive.ts";

/** One thing that can be asked for. */
export type Field = {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** For people, without a full stop. */
  readonly meaning: string;
  readonly example: string;
} & Meaning;

type Meaning =
  | { readonly kind: "text" }
  /** A name, or the id of what it names. `sigil`: what people write before it in chats. */
  | {
      readonly kind: "name";
      readonly names: NameField;
      readonly id?: WordField;
      readonly sigil?: string;
    }
  /** `values`: there are no others. `completes`: the words that there are complete. */
  | {
      readonly kind: "word";
      readonly word: WordField;
      readonly values?: readonly string[];
      readonly completes?: "platform";
      /** What cannot be such a word, and what is said of it. */
      readonly never?: { readonly pattern: RegExp; readonly message: string };
    }
  /** An open word of which a part may be asked for; `plain`: what it means to write it as it is. */
  | { readonly kind: "part"; readonly part: PartField; readonly plain: "is" | "contains" }
  | { readonly kind: "number"; readonly number: NumberField; readonly unit: Unit }
  | { readonly kind: "time"; readonly time: TimeField; readonly side?: "after" | "before" }
  /** Not what is found, but how it is shown. */
  | { readonly kind: "setting"; readonly values: readonly string[] };

/** What completes by what there is. */
export type Completed = NameField | PartField | "platform";

export type Unit = "count" | "money" | "duration";

export const KINDS = ["public", "private", "dm", "group_dm"] as const satisfies readonly ChannelKind[];
export const STATUSES = [
  "open",
  "done",
  "failed",
  "stopped",
  "postponed",
  "forgotten",
] as const satisfies readonly TurnStatus[];
export const SORTS = [
  "active",
  "started",
  "turns",
  "tokens",
  "cost",
  "complete",
] as const satisfies readonly Sort["by"][];
