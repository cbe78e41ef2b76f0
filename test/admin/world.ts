import type { ChannelKind, MessageId, Place } from "../../src/chat/place.ts";
import type { ReadingDeps } from "../../src/admin/reading.ts";
import { type Grant, operator, type Viewer } from "../../src/admin/viewer.ts";
import { links } from "../../src/app/links.ts";
import type { Condition } from "../../src/store/archive.ts";
import { draft, messageIn, type StoreBench } from "../contracts/store-bench.ts";
import { type FakeClock, fakeClock } from "../fakes/clock.ts";
import { sqliteBench } from "../store/bench.ts";

/** Something that was asked and answered. */
export interface Asked {
  readonly channel: string;
  readonly name?: string;
  /** It is said in a thread, which has no name, as those of Slack. */
  readonly inThread?: boolean;
  readonly kind?: ChannelKind;
  readonly user?: { readonly id: string; readonly name: string };
  readonly question: string;
  /** Whose messages the conversation is given before, without being asked by them. */
  readonly heard?: readonly { readonly id: string; readonly name: string }[];
  /** Where and as which message, if not in the channel's one thread as the next. */
  readonly place?: Place;
  readonly id?: string;
  readonly answer?: string;
  /** The conversation that it opens at Telnyx. */
  readonly telnyxId?: string;
}

export interface AdminWorld {
  readonly bench: StoreBench;
  readonly deps: ReadingDeps;
  /** Its `now` is the database's; its sleepers are moved by itself. */
  readonly clock: FakeClock;
  readonly ask: (asked: Asked) => Promise<void>;
}

export const ROOT: Viewer = operator({ id: "cli:root", name: "root", via: "cli" });
export const inChannel = (...values: string[]): Condition => ({ kind: "word", field: "channelId", values });

export function viewer(...grants: Grant[]): Viewer {
  return { id: "slack:T1:U9", name: "Ada", via: "chat", grants, rights: new Set(["read", "export"]) };
}

export const placeOf = (channel: string) => `slack:T1:${channel}:1700000000.000100` as Place;

/** A database, in memory unless it has a path, in which what is asked is answered at once. It is `at` that time, if one is given. */
export const adminWorld = (path?: string, at?: number): AdminWorld => adminWorldOn(sqliteBench(path, at));

/** The same in that database. */
export function adminWorldOn(bench: StoreBench): AdminWorld {
  let count = 0;
  const ask = async (asked: Asked) => {
    count += 1;
    const { channel, name, kind = "public", user = { id: "U1", name: "Grace Hopper" } } = asked;
    const { place = placeOf(channel), id = `1700000000.00010${count}` } = asked;
    const where = {
      workspaceId: "T1",
      workspaceUrl: "https://acme.slack.com/",
      channelId: channel,
      channelKind: kind,
      ...(name !== undefined && { channelName: name }),
      ...(asked.inThread && { threadId: "1700000000.000100" }),
    };
    await bench.pass(1_000);
    const message = {
      ...messageIn(place, `m${count}`),
      id: id as MessageId,
      platform: "slack",
      text: asked.question,
      author: { ...user, kind: "person" as const },
      where,
    };
    const mailbox = bench.mailbox("a");
    const added = await mailbox.add(message, true);
    await bench.store.noteWhereabouts(place, where, bench.now());
    if (added.kind === "seen" || !added.claim) throw new Error("it was not taken");
    const turn = await mailbox.next(added.claim);
    if (!turn) throw new Error("no turn");
    if (!(await bench.store.conversation(place))) {
      await bench.store.openConversation(added.claim, { ...draft(1), at: bench.now() });
      await bench.store.linkConversation(added.claim, 1, asked.telnyxId ?? `telnyx-${channel}`);
    }
    for (const [index, by] of (asked.heard ?? []).entries()) {
      const said = {
        ...message,
        key: `${message.key}-heard-${index}`,
        author: { ...by, kind: "person" as const },
      };
      await bench.store.markHeard(added.claim, 1, said);
    }
    await bench.store.markCalling(added.claim, turn.id, { generation: 1, input: "in", at: bench.now() });
    const text = asked.answer ?? "An answer.";
    await bench.store.markAnswered(added.claim, turn.id, { text, at: bench.now() });
    await mailbox.next(added.claim, { turn: turn.id, kind: "done" });
  };
  // The database's own time: what is asked now was asked just now.
  const clock = { ...fakeClock(), now: bench.now };
  return { bench, ask, clock, deps: { archive: bench.archive, links, clock } };
}
