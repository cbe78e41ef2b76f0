import type { Clock } from "../../src/clock.ts";
import type { Author, Call, Message } from "../../src/chat/message.ts";
import type { ChannelKind, MessageId, Place, Whereabouts } from "../../src/chat/place.ts";
import type { Budget } from "../../src/chat/budget.ts";
import type { Button, Page, PageFile } from "../../src/chat/platform.ts";
import { PlatformRefusal } from "../../src/errors.ts";

/** A message as it stands in a fake place. */
export interface Stored {
  readonly message: Message;
  /** Posted under this key. Absent for what people say. */
  readonly key?: string;
  readonly final: boolean;
  readonly buttons: readonly Button[];
  readonly file?: PageFile;
}

export interface ChatOptions {
  readonly clock: Clock;
  readonly budgets?: readonly Budget[];
}

export interface NewPlace {
  readonly workspace?: string;
  readonly channel?: string;
  readonly channelKind?: ChannelKind;
}

export interface Said {
  readonly author?: Partial<Author>;
  readonly call?: Partial<Call>;
  readonly where?: Partial<Whereabouts>;
}

/** The fake platform's side: places and what stands in them. It outlives the processes that talk to it. */
export interface Chat {
  openPlace(options?: NewPlace): Place;
  /** Stores what a person says. By default it mentions the bot. */
  add(place: Place, text: string, said?: Said): Message;
  addPage(place: Place, page: Page, key: string): MessageId;
  find(place: Place, id: MessageId): Stored | undefined;
  findKey(place: Place, key: string): MessageId | undefined;
  change(place: Place, id: MessageId, page: Page): void;
  remove(place: Place, id: MessageId): void;
  stored(place: Place): readonly Stored[];
  places(): readonly Place[];
  /** Everything that people (and other bots) said, in the order in which they did. */
  said(): readonly Message[];
  /** Counts a paint; throws `rate_limited`, and counts nothing, where that would overdraw a budget. */
  spend(place: Place, kind: "post" | "edit"): void;
}

const SELF: Author = { id: "bot", name: "patchcord", kind: "self" };
const NO_CALL: Call = {
  mentionsBot: false,
  repliesToBot: false,
  mentionsOthers: false,
  inThread: false,
  startsPlace: false,
};

export function createChat({ clock, budgets = [] }: ChatOptions): Chat {
  const places = new Map<Place, { where: Whereabouts; messages: Stored[] }>();
  const everything: Message[] = [];
  const spent = new Map<string, number[]>();
  let count = 0;

  const at = (place: Place) => {
    const found = places.get(place);
    if (!found) throw new PlatformRefusal("unreachable", "fake_no_such_place", `no such place: ${place}`);
    return found;
  };
  const store = (
    place: Place,
    text: string,
    author: Author,
    said: Said & Partial<Pick<Stored, "key" | "final" | "buttons" | "file">>,
  ) => {
    const { where, messages } = at(place);
    count += 1;
    const id = `m${String(count).padStart(5, "0")}` as MessageId;
    const message: Message = {
      key: `fake:${id}`,
      platform: "fake",
      place,
      id,
      sentAt: clock.now(),
      author,
      text,
      call: { ...NO_CALL, ...said.call },
      where: { ...where, ...said.where },
    };
    messages.push({
      message,
      final: said.final ?? true,
      buttons: said.buttons ?? [],
      ...(said.key === undefined ? {} : { key: said.key }),
      ...(said.file === undefined ? {} : { file: said.file }),
    });
    return message;
  };

  return {
    openPlace: ({ workspace = "W1", channel = "C1", channelKind = "public" } = {}) => {
      const threadId = `t${places.size + 1}`;
      const place = `fake:${workspace}:${channel}:${threadId}` as Place;
      const where = {
        workspaceId: workspace,
        channelId: channel,
        channelName: channel,
        channelKind,
        threadId,
      };
      places.set(place, { where, messages: [] });
      return place;
    },
    add: (place, text, said = {}) => {
      const author: Author = { id: "U1", name: "Ada", kind: "person", ...said.author };
      const message = store(place, text, author, { ...said, call: { mentionsBot: true, ...said.call } });
      everything.push(message);
      return message;
    },
    addPage: (place, { text, ...page }, key) => store(place, text, SELF, { ...page, key }).id,
    find: (place, id) => at(place).messages.find((stored) => stored.message.id === id),
    findKey: (place, key) => at(place).messages.find((stored) => stored.key === key)?.message.id,
    change: (place, id, { text, final, buttons = [], file }) => {
      const { messages } = at(place);
      const index = messages.findIndex((stored) => stored.message.id === id);
      const old = messages[index];
      if (!old) throw new PlatformRefusal("gone", "fake_gone", `${id} is not there`);
      const { file: _, ...kept } = old;
      const message = { ...old.message, text };
      messages[index] = { ...kept, final, buttons, message, ...(file && { file }) };
    },
    remove: (place, id) => {
      const { messages } = at(place);
      messages.splice(
        messages.findIndex((stored) => stored.message.id === id),
        1,
      );
    },
    stored: (place) => at(place).messages,
    places: () => [...places.keys()],
    said: () => everything,
    spend: (place, kind) => {
      const { workspaceId, channelId } = at(place).where;
      const now = clock.monotonic();
      const used = budgets
        .filter((budget) => budget.covers.includes(kind))
        .map((budget) => {
          const scope = {
            platform: "",
            workspace: workspaceId,
            channel: `${workspaceId}:${channelId}`,
            place,
          }[budget.per];
          const name = `${budgets.indexOf(budget)}:${scope}`;
          const recent = (spent.get(name) ?? []).filter((then) => then > now - budget.windowMs);
          return { name, recent, budget };
        });
      for (const { recent, budget } of used) {
        const oldest = recent[recent.length - budget.paints];
        if (oldest === undefined) continue;
        const options = { retryAfterMs: Math.ceil(oldest + budget.windowMs - now) };
        throw new PlatformRefusal("rate_limited", "fake_overdrawn", `${kind} overdraws ${place}`, options);
      }
      for (const { name, recent } of used) spent.set(name, [...recent, now]);
    },
  };
}
