import type { DiscordTwin } from "../discord/driver.ts";
import type { SlackTwin } from "../slack/contract.ts";
import { NoSuchPlace, type ViewPerson } from "./view.ts";

/** One person, who is on both platforms. */
export interface Player extends ViewPerson {
  readonly slack: string;
  readonly discord: string;
}

/** Who plays in the sandbox. */
export interface Cast {
  readonly players: readonly Player[];
  /** Throws `NoSuchPlace`. */
  find(key: string): Player;
}

const PEOPLE = [
  { key: "robin", name: "Robin", isYou: true },
  { key: "ada", name: "Ada", isYou: false },
  { key: "grace", name: "Grace", isYou: false },
];

/** Discord, Permissions: Manage Server. */
const MANAGE_SERVER = 1n << 5n;

/** Adds the newcomer and the colleagues to both platforms. The newcomer runs both: whoever tries the bot is to see all of it. */
export function createCast({ slack, discord }: { slack: SlackTwin; discord: DiscordTwin }): Cast {
  const players = PEOPLE.map((person) => ({
    ...person,
    slack: slack.addUser({ name: person.name, isAdmin: person.isYou }),
    discord: discord.addUser({ name: person.key, displayName: person.name }).id,
  }));
  const you = players.filter(({ isYou }) => isYou).map((player) => player.discord);
  discord.addRole({ name: "Admins", permissions: MANAGE_SERVER, members: you });
  return {
    players,
    find: (key) => {
      const player = players.find((one) => one.key === key);
      if (!player) throw new NoSuchPlace(`There is no person "${key}" here.`);
      return player;
    },
  };
}

const CODE = /```[\s\S]*?```|`[^`\n]*`/u;

/** `@Name` as people type it, with the platform's own mark for those who exist. Code stays as it is. */
export function withMentions(
  typed: string,
  people: readonly { readonly id: string; readonly name: string }[],
): string {
  const names = people.map(({ name }) => name.replaceAll(/[^\p{L}\p{N} ]/gu, String.raw`\$&`)).join("|");
  if (names === "") return typed;
  const mention = String.raw`(?<![\p{L}\p{N}_.@<])@(?<name>${names})(?![\p{L}\p{N}_])`;
  return typed.replaceAll(
    new RegExp(`(?<code>${CODE.source})|${mention}`, "giu"),
    (whole: string, code?: string, name?: string) => {
      if (code !== undefined) return whole;
      const found = people.find((one) => one.name.toLowerCase() === name?.toLowerCase());
      return found ? `<@${found.id}>` : whole;
    },
  );
}
