/* What the page is given: one shape for both sides. Everything in it is data, but `html`, which is safe to be shown. */

export type SideName = "slack" | "discord";

export interface ViewPerson {
  /** The same on both sides. */
  readonly key: string;
  readonly name: string;
  readonly isYou: boolean;
}

export interface ViewRoom {
  readonly id: string;
  readonly name: string;
  readonly kind: "channel" | "forum" | "thread" | "dm";
  readonly topic: string;
  /** Of a thread: the channel that it is in. */
  readonly parent?: string;
  /** Of a DM: whose it is, by key. */
  readonly person?: string;
  /** Of a DM: what the bot suggests to ask. */
  readonly prompts?: readonly { readonly title: string; readonly message: string }[];
}

export interface ViewMessage {
  readonly room: string;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly author: { readonly name: string; readonly isBot: boolean };
  /** The path of its address. Absent: nobody can link to it. */
  readonly link?: string;
  /** Rendered on the server, where nothing of the message can become markup. */
  readonly html: string;
  /** The beginning in plain words, for previews and announcements. */
  readonly plain: string;
  /** The platform shows "(edited)". */
  readonly edited: boolean;
  /** How often the content was replaced, whatever is shown. */
  readonly edits: number;
  /** When the content last changed, in milliseconds since the epoch. */
  readonly changedAt: number;
  readonly buttons: readonly ViewButton[];
  /** What the bot does for it, above its text. */
  readonly cards?: readonly { readonly title: string; readonly isDone: boolean }[];
  readonly files?: readonly ViewFile[];
  /** The person, by key, who alone sees it. It is gone when the page is loaded anew. */
  readonly onlyFor?: string;
  /** A line of the platform's own: somebody joined, a thread was started. */
  readonly isNotice: boolean;
  /** Slack: the message that this one is a reply to, and whether the channel shows it too. */
  readonly root?: string;
  readonly isBroadcast?: boolean;
  /** Discord: the message that this one refers to, and the room of the thread that hangs on it. */
  readonly replyTo?: string;
  readonly threadRoom?: string;
}

export interface ViewButton {
  readonly id: string;
  readonly label: string;
  readonly isPrimary: boolean;
}

/** A file of the bot's, to download. */
export interface ViewFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Where the page finds it. */
  readonly href: string;
}

/** Files as the page shows them. */
export const viewFiles = (
  side: SideName,
  files: readonly { readonly id: string; readonly name: string; readonly size: number }[],
): Pick<ViewMessage, "files"> =>
  files.length === 0
    ? {}
    : { files: files.map(({ id, name, size }) => ({ name, size, href: `/api/files/${side}/${id}` })) };

/** What is told of a place beside its messages. */
export interface ViewSign {
  readonly room: string;
  readonly root?: string;
  /** Somebody types, or the bot says what it does. Empty: nobody. */
  readonly text: string;
  /** Shown after it in turn. */
  readonly meanwhile?: readonly string[];
  /** Slack: the title that the bot gave the thread. */
  readonly title?: string;
  /** Slack: the bot is at work in the thread. The button that stops it, pressed on the thread's first message. */
  readonly stop?: string;
}

/** What is new on a side. `messages` are put in place of those with the same room and id. */
export interface SideChange {
  readonly rooms?: readonly ViewRoom[];
  readonly messages: readonly ViewMessage[];
  readonly gone: readonly { readonly room: string; readonly id: string }[];
  readonly signs?: readonly ViewSign[];
}

export interface Saying {
  readonly room: string;
  /** A person's key. */
  readonly person: string;
  readonly text: string;
  /** Slack: the thread's first message. */
  readonly root?: string | undefined;
  /** Discord: the message that this one answers. */
  readonly replyTo?: string | undefined;
}

export interface Pressing {
  readonly room: string;
  /** The message's and the button's. */
  readonly id: string;
  readonly button: string;
  /** A person's key. */
  readonly person: string;
}

/** What a side tells its watchers: a message is made only when it is going to be sent. */
export type Touch =
  | { readonly kind: "message"; readonly room: string; readonly id: string; readonly make: () => ViewMessage }
  | { readonly kind: "gone"; readonly room: string; readonly id: string }
  | { readonly kind: "rooms" | "signs" };

/** One platform as the page shows it. */
export interface Side {
  readonly name: SideName;
  rooms(): readonly ViewRoom[];
  messages(): readonly ViewMessage[];
  signs(): readonly ViewSign[];
  /** Whether there is such a message. */
  has(room: string, id: string): boolean;
  /** What is in a file of the bot's. */
  file(id: string): { readonly name: string; readonly bytes: Buffer } | undefined;
  /** Says it as the person would, and returns the room and the id of what was posted. Throws `NoSuchPlace`, or what the platform's client would refuse. */
  say(saying: Saying): { readonly room: string; readonly id: string };
  /** The person looks at the room, where the platform tells the bot of that. */
  open?(visit: { readonly room: string; readonly person: string }): void;
  /** Presses a button as the person would. Resolves with whether the bot took it in time. Throws as `say`. */
  press(pressing: Pressing): Promise<boolean>;
  /** Types a command as the person would. Resolves with whether the bot took it in time. Throws as `say`. */
  command(command: Omit<Saying, "replyTo">): Promise<boolean>;
  watch(listener: (touch: Touch) => void): () => void;
}

export interface PrivatesDeps {
  /** The bot's name. */
  readonly author: string;
  /** A player's key, by the platform's id. */
  readonly personOf: (id: string) => string | undefined;
}

/** What the bot tells one player alone, as a message that is kept nowhere. Nothing, where it is nobody who plays. */
export function createPrivates({ author, personOf }: PrivatesDeps) {
  let count = 0;
  return (said: {
    readonly room: string;
    readonly root?: string | undefined;
    readonly user: string;
    readonly text: string;
    /** Safe to be shown. */
    readonly html: string;
  }): readonly Touch[] => {
    const { room, root, user, text, html } = said;
    const onlyFor = personOf(user);
    if (onlyFor === undefined) return [];
    const at = Date.now();
    const id = `private-${(count += 1)}`;
    const message: ViewMessage = {
      room,
      id,
      at,
      author: { name: author, isBot: true },
      html,
      plain: plainWords(text),
      edited: false,
      edits: 0,
      changedAt: at,
      buttons: [],
      onlyFor,
      isNotice: false,
      ...(root !== undefined && { root }),
    };
    return [{ kind: "message", room, id, make: () => message }];
  };
}

/** The page asks for a room, a person or a message that is not there. */
export class NoSuchPlace extends Error {}

const PLAIN_LENGTH = 240;

/** The beginning of a message without the commonest marks. */
export function plainWords(source: string): string {
  const words = source
    .slice(0, PLAIN_LENGTH * 2)
    .replaceAll(/```\w*|[*_`#>|]+|\[([^\]]*)\]\([^)]*\)/gu, "$1 ")
    .replaceAll(/\s+/gu, " ")
    .trim();
  return words.length > PLAIN_LENGTH ? `${words.slice(0, PLAIN_LENGTH).replace(/\p{Cs}$/u, "")}…` : words;
}
