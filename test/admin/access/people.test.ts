import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAccess, type GrantSetting, isWho, personId } from "../../../src/admin/access/people.ts";
import { holds } from "../../../src/admin/query/holds.ts";
import { demand, readBy, readsAll, seenBy, type Viewer } from "../../../src/admin/viewer.ts";
import type { ChannelKind, Place } from "../../../src/chat/place.ts";
import type { SignedIn } from "../../../src/chat/sign-in.ts";
import { PlatformRefusal } from "../../../src/errors.ts";
import type { ConversationFacts } from "../../../src/store/archive.ts";

const grant = (who: string, more: Partial<GrantSetting> = {}): GrantSetting => ({
  who,
  where: "",
  reads: "content",
  private: false,
  rights: [],
  ...more,
});

const ADA: SignedIn = {
  platform: "slack",
  userId: "U1",
  name: "Ada",
  workspaces: [{ id: "T1", name: "Acme", manages: false }],
};
const GRACE: SignedIn = {
  platform: "discord",
  userId: "200000000000000001",
  name: "Grace",
  workspaces: [
    { id: "1", name: "Guild", manages: true },
    { id: "2", name: "Other", manages: false },
  ],
};

function conversation(
  workspaceId: string,
  channelId: string,
  channelKind: ChannelKind = "public",
  platform = "slack",
): ConversationFacts {
  return {
    place: `${platform}:${workspaceId}:${channelId}` as Place,
    generation: 1,
    platform,
    workspaceId,
    channelId,
    channelKind,
    startedAt: 1,
    activeAt: 1,
    startedById: "U1",
    startedByName: "Ada",
    turns: 0,
    open: 0,
    failed: 0,
    tokens: 0,
    formerly: [],
    held: false,
  };
}
const sees = (viewer: Viewer, facts: ConversationFacts) => holds(seenBy(viewer), { conversation: facts });
const reads = (viewer: Viewer, facts: ConversationFacts) => holds(readBy(viewer), { conversation: facts });

function signedIn(person: SignedIn, ...settings: GrantSetting[]): Viewer {
  const viewer = createAccess(settings).signedIn(person);
  if (!viewer) throw new Error("nothing was granted");
  return viewer;
}

describe("somebody who signed in", () => {
  it("sees what was granted to them, by their id, and nobody else's", () => {
    const settings = [grant("slack:T1:U1", { where: "channel:C1" }), grant("slack:T1:U2")];
    const viewer = signedIn(ADA, ...settings);
    expect(viewer).toMatchObject({ id: "slack:T1:U1", name: "Ada", via: "console" });
    expect([sees(viewer, conversation("T1", "C1")), sees(viewer, conversation("T1", "C2"))]).toEqual([
      true,
      false,
    ]);
    expect(createAccess(settings).signedIn({ ...ADA, userId: "U3" })).toBeUndefined();
  });

  it("is another person in another Slack workspace, and the same in all servers of Discord", () => {
    const elsewhere = { ...ADA, workspaces: [{ id: "T2", name: "Else", manages: true }] };
    expect(createAccess([grant("slack:T1:U1")]).signedIn(elsewhere)).toBeUndefined();
    expect(signedIn(GRACE, grant("discord:200000000000000001")).id).toBe("discord:200000000000000001");
    expect(
      createAccess([grant("discord:200000000000000001")]).signedIn({ ...GRACE, platform: "slack" }),
    ).toBeUndefined();
  });

  it("who runs a workspace sees that one alone, however wide the grant is", () => {
    const viewer = signedIn(GRACE, grant("discord:manage-server", { private: true }));
    expect(sees(viewer, conversation("1", "9", "public", "discord"))).toBe(true);
    expect(sees(viewer, conversation("2", "9", "public", "discord"))).toBe(false);
    expect(sees(viewer, conversation("1", "9", "public", "slack"))).toBe(false);
    expect(readsAll(viewer)).toBe(false);
    const outside = signedIn(GRACE, grant("discord:manage-server", { where: "server:2" }));
    expect(sees(outside, conversation("2", "9", "public", "discord"))).toBe(false);
  });

  it("has nothing of a group that they are not in", () => {
    expect(createAccess([grant("slack:workspace-admins")]).signedIn(ADA)).toBeUndefined();
    expect(createAccess([grant("slack:workspace-admins")]).signedIn(GRACE)).toBeUndefined();
    expect(
      createAccess([grant("discord:manage-server")]).signedIn({ ...GRACE, workspaces: [] }),
    ).toBeUndefined();
  });

  it("reads what is private only where a grant says so, and nothing with metadata alone", () => {
    const dm = conversation("T1", "D1", "dm");
    const plain = signedIn(ADA, grant("slack:T1:U1"));
    expect([sees(plain, dm), reads(plain, dm), reads(plain, conversation("T1", "C1"))]).toEqual([
      true,
      false,
      true,
    ]);
    expect(reads(signedIn(ADA, grant("slack:T1:U1", { private: true })), dm)).toBe(true);
    const metadata = signedIn(ADA, grant("slack:T1:U1", { reads: "metadata", private: true }));
    expect([sees(metadata, dm), reads(metadata, dm)]).toEqual([true, false]);
  });

  it("may do what a grant says where that grant goes, and only look elsewhere", () => {
    const viewer = signedIn(
      ADA,
      grant("slack:T1:U1", { where: "channel:C1", rights: ["forget"] }),
      grant("slack:T1:U1", { where: "channel:C2" }),
    );
    const forgetting = demand(viewer, "forget");
    expect([sees(viewer, conversation("T1", "C1")), sees(viewer, conversation("T1", "C2"))]).toEqual([
      true,
      true,
    ]);
    expect([sees(forgetting, conversation("T1", "C1")), sees(forgetting, conversation("T1", "C2"))]).toEqual([
      true,
      false,
    ]);
    expect(() => demand(viewer, "export")).toThrow(/Ada has no right to export/);
    expect(() => demand(viewer, "sync")).toThrow(/no right to sync/);
  });

  it("never sees a workspace that they do not run, whatever is granted to those who run one", () => {
    const places = fc.constantFrom(
      "",
      "channel:C1",
      "-channel:C1",
      "workspace:2",
      "-workspace:1",
      "kind:dm",
      "-kind:dm OR platform:slack",
    );
    const workspaces = fc.constantFrom("1", "2", "3");
    const runs = fc.subarray(["1", "2", "3"]);
    let reached = 0;
    fc.assert(
      fc.property(
        fc.array(places, { minLength: 1, maxLength: 3 }),
        runs,
        workspaces,
        fc.constantFrom("slack", "discord"),
        (wheres, run, workspace, platform) => {
          const settings = wheres.map((where) => grant("discord:manage-server", { where, private: true }));
          const person = {
            ...GRACE,
            workspaces: ["1", "2", "3"].map((id) => ({ id, name: id, manages: run.includes(id) })),
          };
          const viewer = createAccess(settings).signedIn(person);
          expect(viewer === undefined).toBe(run.length === 0);
          if (!viewer) return;
          const facts = conversation(workspace, "C2", "public", platform);
          const mayBe = platform === "discord" && run.includes(workspace);
          if (!mayBe) expect(sees(viewer, facts)).toBe(false);
          reached += Number(!mayBe && run.length > 0);
        },
      ),
    );
    expect(reached).toBeGreaterThan(10);
  });
});

describe("somebody who gives a command", () => {
  const command = (manages: () => Promise<boolean>, workspaceId = "T1") => ({
    platform: "slack",
    workspaceId,
    by: { id: "U1", name: "ada", kind: "person" as const },
    manages,
  });

  it("sees what the grants say, and their workspace if they run it", async () => {
    const access = createAccess([
      grant("slack:workspace-admins"),
      grant("slack:T1:U1", { where: "channel:C7" }),
    ]);
    const admin = await access.commanding(command(() => Promise.resolve(true)));
    expect(admin).toMatchObject({ id: "slack:T1:U1", via: "chat" });
    expect(admin && sees(admin, conversation("T1", "C1"))).toBe(true);
    const person = await access.commanding(command(() => Promise.resolve(false)));
    expect(person && sees(person, conversation("T1", "C1"))).toBe(false);
    expect(await access.commanding(command(() => Promise.resolve(false), "T2"))).toBeUndefined();
  });

  it("is asked after only where it matters, and what cannot be found out is no yes", async () => {
    const refuse = () => Promise.reject(new PlatformRefusal("unavailable", "x", "Slack is away"));
    expect(await createAccess([grant("slack:T1:U1")]).commanding(command(refuse))).toBeDefined();
    expect(await createAccess([grant("discord:manage-server")]).commanding(command(refuse))).toBeUndefined();
    await expect(createAccess([grant("slack:workspace-admins")]).commanding(command(refuse))).rejects.toThrow(
      "Slack is away",
    );
  });
});

describe("whom a grant names", () => {
  it.each([
    "slack:T1:U1",
    "slack:E1:W2",
    "slack:workspace-admins",
    "discord:200000000000000001",
    "discord:manage-server",
  ])("is %s", (who) => {
    expect(isWho(who)).toBe(true);
  });
  it.each([
    "",
    "ada",
    "slack:U1",
    "slack:T1:U1:x",
    "slack:",
    "slack:manage-server",
    "discord:ada",
    "discord:1:200000000000000001",
    "irc:ada",
    "constructor:x",
    " slack:T1:U1",
  ])("is not %s", (who) => {
    expect(isWho(who)).toBe(false);
  });
  it("is called the same by all", () => {
    expect(personId("slack", "U1", "T1")).toBe("slack:T1:U1");
    expect(personId("discord", "1", "2")).toBe("discord:1");
    expect(personId("slack", "U1", undefined)).toBe("slack:U1");
  });
});
