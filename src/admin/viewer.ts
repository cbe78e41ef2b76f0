import { PatchcordError } from "../errors.ts";
import type { Condition } from "../store/archive.ts";

/** What somebody may do besides looking. */
export type Right = "read" | "export" | "forget" | "hold" | "sync" | "audit" | "tokens";

export const RIGHTS: readonly Right[] = ["read", "export", "forget", "hold", "sync", "audit", "tokens"];

/** A part of the conversations that somebody may see. */
export interface Grant {
  /** Goes by where something was said alone, so that a conversation is seen whole or not at all. */
  readonly where: Condition;
  /** `metadata`: who asked when and where, what it cost and how it ended, but not what was said. */
  readonly reads: "content" | "metadata";
  /** What was said in direct messages and private channels, too. */
  readonly private: boolean;
  /** What may be done there. Absent: all that the viewer has a right to. */
  readonly rights?: ReadonlySet<Right>;
}

/** Somebody who looks at conversations. Made by whoever knows who it is: the command line, a session, a token, a platform. */
export interface Viewer {
  /** How the audit names them: `cli:ada`, `slack:T1:U1`, `token:reports`. */
  readonly id: string;
  readonly name: string;
  /** The face that they look through. `bot`: what the bot does by itself. */
  readonly via: "cli" | "api" | "console" | "chat" | "bot";
  readonly grants: readonly Grant[];
  /** What they may do at all: where, their grants say. */
  readonly rights: ReadonlySet<Right>;
}

export const EVERYTHING: Condition = { kind: "all", of: [] };
const NOT_PRIVATE: Condition = {
  kind: "not",
  of: { kind: "word", field: "kind", values: ["private", "dm", "group_dm"] },
};

/** Whoever runs the bot: sees all, reads all, may do all. */
export function operator({ id, name, via }: Pick<Viewer, "id" | "name" | "via">): Viewer {
  const everything: Grant = { where: EVERYTHING, reads: "content", private: true };
  return { id, name, via, grants: [everything], rights: new Set(RIGHTS) };
}

/**
 * The viewer as far as this right goes: with the grants alone that give it, so that what is done with it happens nowhere else. Throws
 * `not_allowed`, with a sentence for that person.
 */
export function demand(viewer: Viewer, right: Right): Viewer {
  const grants = viewer.grants.filter(({ rights }) => rights === undefined || rights.has(right));
  if (viewer.rights.has(right) && (grants.length > 0 || viewer.grants.length === 0))
    return { ...viewer, grants };
  throw new PatchcordError("not_allowed", `${viewer.name} has no right to ${right}: ask who runs the bot.`);
}

/** Throws `not_allowed` for who does not see and read all: for what goes through everything. */
export function mustSeeAll(viewer: Viewer): void {
  if (readsAll(viewer)) return;
  throw new PatchcordError(
    "not_allowed",
    `${viewer.name} does not see all conversations, and this goes through all of them: ask who runs the bot.`,
  );
}

/** The turns that the viewer may know of. */
export function seenBy({ grants }: Viewer): Condition {
  return { kind: "any", of: grants.map(({ where }) => where) };
}

/** Nothing is outside what this viewer may know of. */
export function seesAll({ grants }: Viewer): boolean {
  return grants.some(({ where }) => isEverything(where));
}

/** By what it says: a viewer who went to another thread has conditions that are copies. */
function isEverything(where: Condition): boolean {
  return where.kind === "all" && where.of.length === 0;
}

/** The turns of which the viewer may read what was said. */
export function readBy({ grants }: Viewer): Condition {
  const readable = grants.filter(({ reads }) => reads === "content");
  return {
    kind: "any",
    of: readable.map((grant) =>
      grant.private ? grant.where : { kind: "all", of: [grant.where, NOT_PRIVATE] },
    ),
  };
}

/** This viewer may read nothing that was said, wherever it was. */
export function readsNothing({ grants }: Viewer): boolean {
  return grants.every(({ reads }) => reads === "metadata");
}

/** Nothing is kept from this viewer: there is no need to ask what may be read. */
export function readsAll({ grants }: Viewer): boolean {
  return grants.some(({ where, reads, private: all }) => isEverything(where) && reads === "content" && all);
}

/**
 * What a question of this viewer's means: only what they may see is found, and text is looked for only where they may read it, so that
 * no answer and no lack of one tells what was said elsewhere.
 */
export function within(asked: Condition, viewer: Viewer): Condition {
  return { kind: "all", of: [readable(asked, readBy(viewer)), seenBy(viewer)] };
}

function readable(condition: Condition, read: Condition): Condition {
  if (condition.kind === "text") return { kind: "all", of: [condition, read] };
  if (condition.kind === "not") return { kind: "not", of: readable(condition.of, read) };
  if (condition.kind === "all" || condition.kind === "any")
    return { kind: condition.kind, of: condition.of.map((one) => readable(one, read)) };
  return condition;
}
