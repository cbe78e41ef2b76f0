import type { Command } from "../../chat/command.ts";
import type { SignedIn } from "../../chat/sign-in.ts";
import type { Condition } from "../../store/archive.ts";
import { EVERYTHING, type Grant, type Right, type Viewer } from "../viewer.ts";
import { whereOf } from "./where.ts";

/** What a grant may allow besides looking. The rest goes beyond any grant, and is for who runs the bot. */
export const GRANTABLE = ["export", "forget", "hold", "audit"] as const satisfies readonly Right[];

/** A grant as it is configured. */
export interface GrantSetting {
  /** A person or a group: as `isWho` has it. */
  readonly who: string;
  /** A query, as `whereOf` takes it. */
  readonly where: string;
  readonly reads: Grant["reads"];
  readonly private: boolean;
  readonly rights: readonly (typeof GRANTABLE)[number][];
}

interface Naming {
  /** Whoever runs a workspace. */
  readonly group: string;
  /** A person's id is one only within a workspace. */
  readonly within: boolean;
  readonly person: RegExp;
  readonly example: string;
}

/** How each platform's people are named. */
const NAMINGS: Readonly<Record<string, Naming>> = {
  slack: {
    group: "workspace-admins",
    within: true,
    person: /^[TE][A-Z0-9]+:[UW][A-Z0-9]+$/,
    example: "slack:T0123ABCD:U0123ABCD",
  },
  discord: {
    group: "manage-server",
    within: false,
    person: /^\d{15,20}$/,
    example: "discord:123456789012345678",
  },
};

/** What `who` may be. */
export const WHO_EXAMPLES: readonly string[] = Object.entries(NAMINGS).flatMap(
  ([platform, { group, example }]) => [example, `${platform}:${group}`],
);

const namingOf = (platform: string) => (Object.hasOwn(NAMINGS, platform) ? NAMINGS[platform] : undefined);

export function isWho(text: string): boolean {
  const [platform = "", ...rest] = text.split(":");
  const naming = namingOf(platform);
  const name = rest.join(":");
  return naming !== undefined && (name === naming.group || naming.person.test(name));
}

/** Somebody whom a platform vouches for. */
interface Known extends Pick<SignedIn, "platform" | "userId" | "name"> {
  /** Those that the person was seen in. */
  readonly workspaces: readonly string[];
  /** Those that the person runs. */
  readonly runs: readonly string[];
}

/** A grant, read. */
interface Given extends Pick<GrantSetting, "who"> {
  readonly grant: Grant;
}

export interface Access {
  /** Undefined: nothing was granted to this person. */
  signedIn(person: SignedIn): Viewer | undefined;
  /** The same, for whoever gave a command. Asks the platform only where the answer matters. Throws `PlatformRefusal`. */
  commanding(
    command: Pick<Command, "platform" | "workspaceId" | "by" | "manages">,
  ): Promise<Viewer | undefined>;
}

/** Who may see what, by the configured grants. Throws `QueryError`, which the check of the configuration has told of before. */
export function createAccess(settings: readonly GrantSetting[]): Access {
  const given = settings.map((setting) => ({ who: setting.who, grant: grantOf(setting) }));
  return {
    signedIn: ({ workspaces, ...person }) =>
      viewerOf(given, "console", {
        ...person,
        workspaces: workspaces.map(({ id }) => id),
        runs: workspaces.flatMap(({ id, manages }) => (manages ? [id] : [])),
      }),
    commanding: async ({ platform, workspaceId, by, manages }) => {
      const matters = given.some(({ who }) => who === groupOf(platform));
      return viewerOf(given, "chat", {
        platform,
        userId: by.id,
        name: by.name,
        workspaces: [workspaceId],
        runs: matters && (await manages()) ? [workspaceId] : [],
      });
    },
  };
}

/** How a grant, the audit and a wish to forget name a person. */
export function personId(platform: string, userId: string, workspaceId: string | undefined): string {
  return namingOf(platform)?.within === false || workspaceId === undefined
    ? `${platform}:${userId}`
    : `${platform}:${workspaceId}:${userId}`;
}

function groupOf(platform: string): string {
  return `${platform}:${namingOf(platform)?.group ?? ""}`;
}

function grantOf({ where, reads, private: all, rights }: GrantSetting): Grant {
  return { where: whereOf(where), reads, private: all, rights: new Set<Right>(["read", ...rights]) };
}

function viewerOf(given: readonly Given[], via: Viewer["via"], person: Known): Viewer | undefined {
  const { platform, userId, name, workspaces, runs } = person;
  const ids = workspaces.map((workspace) => personId(platform, userId, workspace));
  const id = ids[0] ?? personId(platform, userId, undefined);
  const grants = given.flatMap(({ who, grant }) => {
    if (who === id || ids.includes(who)) return [grant];
    if (who !== groupOf(platform) || runs.length === 0) return [];
    return [{ ...grant, where: bounded(grant.where, platform, runs) }];
  });
  if (grants.length === 0) return undefined;
  return { id, name, via, grants, rights: new Set(grants.flatMap(({ rights = [] }) => [...rights])) };
}

/** Only there: whoever runs one workspace has no say in another. */
function bounded(where: Condition, platform: string, workspaces: readonly string[]): Condition {
  const there: Condition = {
    kind: "all",
    of: [
      { kind: "word", field: "platform", values: [platform] },
      { kind: "word", field: "workspaceId", values: workspaces },
    ],
  };
  return where === EVERYTHING ? there : { kind: "all", of: [there, where] };
}
