import type { SideName } from "./view.ts";

/* PURE: the addresses of messages, which the page has as the platforms have them, at its own host. */

/** A message, as its address names it. */
export interface Linked {
  readonly side: SideName;
  /** Slack's channel; Discord's channel or thread. */
  readonly room: string;
  readonly id: string;
}

/** docs.slack.dev, chat.getPermalink: the ts without its dot. */
const SLACK = /^\/archives\/(\w+)\/p(\d{1,12})(\d{6})\/?$/;
/** What Discord's client copies as a message's link. */
const DISCORD = /^\/channels\/(?:@me|\d+)\/(\d+)\/(\d+)\/?$/;

/** Whatever host it has. Undefined: it is the address of no message. */
export function linkedBy(address: URL): Linked | undefined {
  const [, channel, seconds, micros] = SLACK.exec(address.pathname) ?? [];
  if (channel !== undefined) return { side: "slack", room: channel, id: `${seconds}.${micros}` };
  const [, room, id] = DISCORD.exec(address.pathname) ?? [];
  return room === undefined || id === undefined ? undefined : { side: "discord", room, id };
}

/** The path of a message's address, by which the page opens it. `root`: the thread that it is a reply in. */
export function slackPath(room: string, ts: string, root?: string): string {
  const path = `/archives/${room}/p${ts.replace(".", "")}`;
  return root === undefined ? path : `${path}?thread_ts=${root}&cid=${room}`;
}

/** `guild`: absent in a direct message. */
export const discordPath = (guild: string | undefined, room: string, id: string) =>
  `/channels/${guild ?? "@me"}/${room}/${id}`;
