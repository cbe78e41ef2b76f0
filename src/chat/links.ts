import type { MessageId, Place, Whereabouts } from "./place.ts";

/** PORT, pure: how one platform's messages are linked to. It needs no connection, so a command on the machine has it as well. */
export interface PlatformLinks {
  /** `Platform.name`. */
  readonly platform: string;
  /** The address at which people find the message in their own client. Undefined: what it takes is not known of the place. */
  linkTo(message: Linkable): string | undefined;
  /** Undefined: it is no link to a message of this platform's. `workspaces`: ids, for a link that does not name its own. */
  readLink(link: string, workspaces: readonly string[]): LinkedMessage | undefined;
}

export interface Linkable extends Pick<Whereabouts, "workspaceUrl"> {
  readonly place: Place;
  readonly id: MessageId;
}

/** What a link says of the message that it leads to. */
export interface LinkedMessage {
  readonly platform: string;
  readonly id: MessageId;
  /** In which of them it is the link does not tell. The likeliest comes first. */
  readonly places: readonly Place[];
  /** It may as well be in the place that has this `Whereabouts.threadId`: the link does not tell the thread's channel. */
  readonly threadId?: string;
}

/** The links of all platforms. */
export interface Links {
  linkTo(platform: string, message: Linkable): string | undefined;
  readLink(link: string, workspaces: readonly string[]): LinkedMessage | undefined;
}
