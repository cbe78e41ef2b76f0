import fc from "fast-check";
import { createAccess, type GrantSetting } from "../../../src/admin/access/people.ts";
import { whereOf } from "../../../src/admin/access/where.ts";
import { personIn } from "../../../src/admin/forgetting.ts";
import { holds } from "../../../src/admin/query/holds.ts";
import type { Right, Viewer } from "../../../src/admin/viewer.ts";
import type { ConversationFacts, TurnFacts } from "../../../src/store/archive.ts";

/** Somebody who looks, and what they may see by a plain reading of what was granted: it shares nothing with how the service keeps to it. */
export interface Looker {
  readonly viewer: Viewer;
  readonly sees: (conversation: ConversationFacts, turn?: TurnFacts) => boolean;
  readonly reads: (conversation: ConversationFacts) => boolean;
}

/** What is tried: looking, or what only some grants give. `self`: the person's own turns, wherever they are. */
export type Tried = Extract<Right, "read" | "export" | "forget" | "hold"> | "self";

interface Granting {
  readonly grants: readonly GrantSetting[];
  /** Whether the person runs the workspace `T1`. */
  readonly manages: boolean;
}

const grant = fc.record<GrantSetting>({
  who: fc.constantFrom("slack:T1:U9", "slack:T1:U9", "slack:T1:U9", "slack:workspace-admins", "slack:T1:U8"),
  where: fc.constantFrom(
    "channel:support",
    "channel:C1",
    "channel:C1 workspace:T1",
    "workspace:T1",
    "workspace:T2 -channel:board",
    "platform:discord",
    "kind:public",
    "-channel:support",
    "channel:~board OR platform:discord",
    "thread:1700000000.000100",
    'thread:"Order 17"',
    "topic:~refunds",
    "kind:dm OR kind:private",
    "channel:nowhere",
    "",
  ),
  reads: fc.constantFrom("content", "content", "metadata"),
  private: fc.boolean(),
  rights: fc.subarray(["export", "forget", "hold", "audit"]),
});

export const granting = fc.record<Granting>({
  grants: fc.array(grant, { minLength: 2, maxLength: 3 }),
  manages: fc.boolean(),
});

/** The first of the grants is the person's in any case, by name or as whoever runs the workspace, and gives the right that is tried. */
export function lookerOf({ grants: [first, ...more], manages }: Granting, tried: Tried): Looker {
  if (tried === "self") return themselves();
  if (!first) throw new Error("nothing is granted");
  const rights = tried === "read" ? first.rights : [...first.rights, tried];
  const grants: readonly GrantSetting[] = [
    { ...first, who: manages ? "slack:workspace-admins" : "slack:T1:U9", rights },
    ...more,
  ];
  const viewer = createAccess(grants).signedIn({
    platform: "slack",
    userId: "U9",
    name: "Ada",
    workspaces: [{ id: "T1", name: "Acme", manages }],
  });
  if (!viewer) throw new Error("nothing was granted");
  const given = grants.filter(
    (one) =>
      (one.who === "slack:T1:U9" || (one.who === "slack:workspace-admins" && manages)) &&
      (tried === "read" || one.rights.includes(tried)),
  );
  const reaches = ({ who, where }: GrantSetting, conversation: ConversationFacts) =>
    holds(whereOf(where), { conversation }) &&
    (who !== "slack:workspace-admins" ||
      (conversation.platform === "slack" && conversation.workspaceId === "T1"));
  return {
    viewer,
    sees: (conversation) => given.some((one) => reaches(one, conversation)),
    reads: (conversation) =>
      given.some(
        (one) =>
          one.reads === "content" &&
          (one.private || conversation.channelKind === "public") &&
          reaches(one, conversation),
      ),
  };
}

/** As `my data` and `forget me` have it. */
function themselves(): Looker {
  const id = "slack:T1:U100T1";
  const grants = [{ where: personIn(id).turns, reads: "content", private: true } as const];
  return {
    viewer: { id, name: "alice", via: "chat", grants, rights: new Set<Right>(["read", "forget"]) },
    sees: (_, turn) =>
      turn !== undefined &&
      turn.platform === "slack" &&
      turn.workspaceId === "T1" &&
      turn.userId === "U100T1",
    reads: () => true,
  };
}
