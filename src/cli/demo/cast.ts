import type { ChannelKind } from "../../chat/place.ts";

/* Who talks where in the demo. All of it is invented, and nothing of it is on the platforms: so nothing links there. */

export type Theme = "support" | "code" | "sales" | "people" | "copy" | "numbers" | "chat";

export interface Person {
  readonly id: string;
  readonly name: string;
  /** What they call themselves from the middle of the month on. */
  readonly later?: string;
}

export interface Channel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly name?: string;
  /** What it is called from the middle of the month on. */
  readonly later?: string;
  readonly topic?: string;
  readonly parent?: string;
  readonly theme: Theme;
  /** How much is asked there, beside the others. */
  readonly weight: number;
  readonly model?: string;
  /** Who writes there. Absent: everybody of the workspace. */
  readonly members?: readonly string[];
}

export interface Workspace {
  readonly platform: "slack" | "discord";
  readonly id: string;
  readonly name: string;
  /** Hours that its noon is from noon in UTC. */
  readonly offset: number;
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
}

export const KIMI = "moonshotai/Kimi-K2.6";
export const GLM = "zai-org/GLM-5.3";

const NORTHWIND: Workspace = {
  platform: "slack",
  id: "T0NORTHWIND",
  name: "Northwind",
  offset: 1,
  people: [
    { id: "U0ADA", name: "Ada Lindqvist" },
    { id: "U0BASTIAN", name: "Bastian Köhler" },
    { id: "U0CHIARA", name: "Chiara Rossi" },
    { id: "U0DEVIKA", name: "Devika Rao", later: "Devika (on call)" },
    { id: "U0EMEKA", name: "Emeka Obi" },
    { id: "U0FIONA", name: "Fiona Byrne" },
    { id: "U0GUSTAV", name: "Gustav Holm" },
  ],
  channels: [
    {
      id: "C0SUPPORT",
      kind: "public",
      name: "support",
      later: "customer-care",
      topic: "Orders, refunds and angry mails",
      theme: "support",
      weight: 9,
    },
    {
      id: "C0ENGINEERING",
      kind: "public",
      name: "engineering",
      topic: "Deploys on Tuesdays",
      theme: "code",
      weight: 7,
      model: GLM,
    },
    { id: "C0SALES", kind: "public", name: "sales", topic: "Quotes and renewals", theme: "sales", weight: 4 },
    { id: "C0RANDOM", kind: "public", name: "random", theme: "chat", weight: 2 },
    {
      id: "G0PEOPLE",
      kind: "private",
      name: "people-team",
      topic: "Confidential",
      theme: "people",
      weight: 2,
      members: ["U0CHIARA", "U0FIONA"],
    },
    {
      id: "G0BOARD",
      kind: "private",
      name: "board-pack",
      theme: "numbers",
      weight: 1,
      members: ["U0ADA", "U0GUSTAV"],
    },
    { id: "D0ADA", kind: "dm", theme: "copy", weight: 2, members: ["U0ADA"] },
    { id: "D0DEVIKA", kind: "dm", theme: "code", weight: 2, members: ["U0DEVIKA"] },
    { id: "D0EMEKA", kind: "dm", theme: "chat", weight: 1, members: ["U0EMEKA"] },
    {
      id: "G0TRIO",
      kind: "group_dm",
      name: "Ada Lindqvist, Bastian Köhler and Fiona Byrne",
      theme: "numbers",
      weight: 1,
      members: ["U0ADA", "U0BASTIAN", "U0FIONA"],
    },
  ],
};

const TASMAN: Workspace = {
  platform: "slack",
  id: "T0TASMAN",
  name: "Tasman Bikes",
  offset: 10,
  people: [
    { id: "U1HINEMOA", name: "Hinemoa Parata" },
    { id: "U1KENJI", name: "佐藤 健二" },
    { id: "U1LIAM", name: "Liam Walsh" },
    { id: "U1MEI", name: "Mei Chen" },
  ],
  channels: [
    {
      id: "C1WORKSHOP",
      kind: "public",
      name: "workshop",
      topic: "Repairs and spare parts",
      theme: "support",
      weight: 4,
    },
    { id: "C1CAMPAIGNS", kind: "public", name: "campaigns", theme: "copy", weight: 3 },
    {
      id: "C1FINANCE",
      kind: "private",
      name: "finance",
      theme: "numbers",
      weight: 1,
      members: ["U1LIAM", "U1MEI"],
    },
    { id: "D1KENJI", kind: "dm", theme: "copy", weight: 1, members: ["U1KENJI"] },
  ],
};

const GUILD: Workspace = {
  platform: "discord",
  id: "801200000000000001",
  name: "Open Telemetry Garden",
  offset: -5,
  people: [
    { id: "802300000000000001", name: "nightowl" },
    { id: "802300000000000002", name: "Zoë 🌻" },
    { id: "802300000000000003", name: "packet_pusher", later: "packet pusher (he/him)" },
    { id: "802300000000000004", name: "marisol" },
    { id: "802300000000000005", name: "tuxedo.cat" },
  ],
  channels: [
    {
      id: "803400000000000001",
      kind: "public",
      name: "help",
      later: "questions",
      topic: "Ask anything, say what you tried",
      parent: "Community",
      theme: "code",
      weight: 6,
      model: GLM,
    },
    {
      id: "803400000000000002",
      kind: "public",
      name: "off-topic",
      parent: "Community",
      theme: "chat",
      weight: 2,
    },
    { id: "803400000000000003", kind: "public", name: "docs", parent: "Work", theme: "copy", weight: 2 },
    {
      id: "803400000000000004",
      kind: "private",
      name: "maintainers",
      parent: "Work",
      theme: "code",
      weight: 1,
      members: ["802300000000000001", "802300000000000004"],
    },
  ],
};

export const WORKSPACES: readonly Workspace[] = [NORTHWIND, TASMAN, GUILD];
