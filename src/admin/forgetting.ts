import type { Archive, Condition, ConversationFacts, Search } from "../store/archive.ts";
import type { HeardPerson } from "../store/heard.ts";
import type { Asking, Wish } from "../store/erasure.ts";
import { calledInFull, type Nameable } from "./called.ts";
import { excerptFor } from "./excerpts.ts";
import { type FulfilDeps, fulfil, type Fulfilled } from "./fulfil.ts";
import type { Forgotten, ForgetRequest } from "./forget.ts";
import { parseQuery } from "./query/query.ts";
import { one } from "./reading.ts";
import { demand, type Grant, type Viewer, within } from "./viewer.ts";
import { PatchcordError } from "../errors.ts";

export interface ForgettingDeps extends FulfilDeps {
  readonly archive: Archive;
}

/** So many conversations are found at once, and so many wishes fulfilled: their files are cleaned together. */
const PAGE = 200;
const BATCH = 50;
/** Of so many turns the names of a person are taken. */
const NAMED = 200;
/** Nothing of this changes when they are forgotten. */
const OLDEST_FIRST = { by: "started", direction: "asc" } as const;
/** What is not forgotten yet. */
export const KEPT: Condition = { kind: "not", of: { kind: "word", field: "status", values: ["forgotten"] } };

/** Any name at all. */
const NAMED_CHANNEL: Condition = {
  kind: "name",
  field: "channel",
  tense: "ever",
  match: "prefix",
  value: "",
};

/** Some of what was said: everything that meets `where`, or a part of it. */
export interface Selection {
  readonly where: Condition;
  /** Of these turns alone. */
  readonly part?: { readonly turns: Condition } & Omit<Asking, "conversation">;
  /** Who is told beforehand what it would be: by how it begins as well, which nothing tells afterwards. */
  readonly reader?: Viewer;
}

/**
 * Forgets what the viewer asks for. All wishes are stored before the first line: what was asked for is done also if nobody listens any more.
 * Throws what `Admin` throws.
 */
export async function* forget(
  deps: ForgettingDeps,
  viewer: Viewer,
  request: ForgetRequest,
): AsyncGenerator<Forgotten> {
  const limited = demand(viewer, "forget");
  await deps.archive.refresh();
  const selection = await selectionOf(deps, limited, request);
  yield* forgetAll(deps, { ...selection, reader: limited }, request.dry);
}

/** What a request means, for this viewer. Throws `QueryError`, and `person_invalid`. */
async function selectionOf(
  { archive, clock }: ForgettingDeps,
  viewer: Viewer,
  { query, person }: ForgetRequest,
): Promise<Selection> {
  const { where: asked } = parseQuery(query, clock.now());
  if (person === undefined) return { where: within(asked, viewer) };
  const { id, turns, heard, them } = personIn(person);
  const their: Condition = { kind: "any", of: [{ kind: "all", of: [turns, KEPT] }, heard] };
  const own = within({ kind: "all", of: [asked, their] }, viewer);
  const groups = await groupsAmong(archive, own);
  const reach = viewer.id === person ? withGroups(viewer, groups) : viewer;
  const named = within({ kind: "all", of: [asked, groups] }, reach);
  const where: Condition = { kind: "any", of: [own, named] };
  const told: Condition = { kind: "all", of: [own, turns] };
  const { rows } = await archive.turns({ where: told, sort: OLDEST_FIRST, limit: NAMED });
  const { names: others } = await archive.heardOf(them);
  const names = [...new Set([...rows.flatMap(({ userNames }) => userNames), ...others])];
  return { where, part: { turns, person: { id, names } } };
}

/** All that is called by the people in one of the group direct messages that meet the condition: also where others alone spoke, and were heard. */
async function groupsAmong(archive: Archive, where: Condition): Promise<Condition> {
  const group: Condition = { kind: "word", field: "kind", values: ["group_dm"] };
  const channels = new Map<string, Set<string>>();
  for await (const facts of conversationsIn(archive, { kind: "all", of: [where, group] })) {
    const { workspaceId, channelId } = facts;
    channels.set(workspaceId, (channels.get(workspaceId) ?? new Set()).add(channelId));
  }
  const among = [...channels].map(([workspace, ids]): Condition => ({
    kind: "all",
    of: [
      { kind: "word", field: "workspaceId", values: [workspace] },
      { kind: "word", field: "channelId", values: [...ids] },
    ],
  }));
  return { kind: "all", of: [group, NAMED_CHANNEL, { kind: "any", of: among }] };
}

/** People may forget themselves out of the names of their groups, whoever spoke there. */
function withGroups(viewer: Viewer, groups: Condition): Viewer {
  const grant: Grant = { where: groups, reads: "metadata", private: true, rights: new Set(["forget"]) };
  return { ...viewer, grants: [...viewer.grants, grant] };
}

/** Somebody, and what is theirs. */
export interface Somebody {
  readonly id: string;
  readonly them: HeardPerson;
  readonly turns: Condition;
  /** Conversations that were given what they said without being asked by them. */
  readonly heard: Condition;
}

/** `slack:T1:U1` is the person of that workspace, `discord:1` the one of that platform. */
export function personIn(text: string): Somebody {
  const [platform = "", ...rest] = text.split(":");
  const [id = "", workspace, ...more] = rest.toReversed();
  if (platform === "" || id === "" || more.length > 0)
    throw new PatchcordError(
      "person_invalid",
      `${text} names nobody: write slack:T0123ABCD:U0123ABCD or discord:123456789012345678.`,
    );
  const there: Condition[] = [
    { kind: "word", field: "platform", values: [platform] },
    ...(workspace === undefined
      ? []
      : [{ kind: "word", field: "workspaceId", values: [workspace] } as const]),
  ];
  const so = (field: "userId" | "heardId"): Condition => ({
    kind: "all",
    of: [...there, { kind: "word", field, values: [id] }],
  });
  const them = { platform, userId: id, ...(workspace !== undefined && { workspaceId: workspace }) };
  return { id, them, turns: so("userId"), heard: so("heardId") };
}

/** Forgets a selection, and tells of each conversation what was forgotten of it. */
export async function* forgetAll(
  deps: ForgettingDeps,
  selection: Selection,
  dry: boolean,
): AsyncGenerator<Forgotten> {
  const asked: { readonly facts: ConversationFacts; readonly wish: Wish | "held" }[] = [];
  for await (const facts of conversationsIn(deps.archive, selection.where)) {
    if (!dry) asked.push({ facts, wish: await wishFor(deps, facts, selection) });
    else {
      const line = await would(deps.archive, facts, selection);
      if (line) yield line;
    }
  }
  for (let from = 0; from < asked.length; from += BATCH) {
    const some = asked.slice(from, from + BATCH);
    const wishes = some.flatMap(({ wish }) => (wish === "held" ? [] : [wish]));
    const done = new Map((await fulfil(deps, wishes)).map((one) => [one.wish.id, one]));
    for (const { facts, wish } of some)
      yield lineOf(facts, wish === "held" ? HELD : (done.get(wish.id) ?? HELD));
  }
}

const HELD = { turns: 0, heard: 0, local: "held", telnyx: "kept" } as const;

/** All that meet the condition, the oldest first. */
export async function* conversationsIn(
  archive: Archive,
  where: Condition,
): AsyncGenerator<ConversationFacts> {
  for (let after: string | undefined; ;) {
    const search: Search = { where, sort: OLDEST_FIRST, limit: PAGE, ...(after !== undefined && { after }) };
    const page = await archive.conversations(search);
    yield* page.rows;
    if (page.next === undefined) return;
    after = page.next;
  }
}

function wishFor(
  { erasure }: ForgettingDeps,
  conversation: ConversationFacts,
  { part }: Selection,
): Promise<Wish | "held"> {
  const { place, generation } = conversation;
  const { turns: _, ...meant } = part ?? { turns: undefined };
  return erasure.wish({ conversation: { place, generation }, ...meant });
}

/** Undefined: there is nothing left of it to forget. */
async function would(
  archive: Archive,
  facts: ConversationFacts,
  { part, reader }: Selection,
): Promise<Forgotten | undefined> {
  const meant: Condition[] = [one(facts), KEPT, ...(part ? [part.turns] : [])];
  const [[sum] = []] = await archive.sums({ kind: "all", of: meant }, [{}]);
  const turns = sum?.turns ?? 0;
  const of = {
    ...(part?.person && { userId: part.person.id }),
    ...(part?.before !== undefined && { before: part.before }),
  };
  const heard = await archive.heardIn(facts, of);
  if (turns === 0 && heard === 0 && facts.telnyxId === undefined) return undefined;
  const excerpt = reader && (await excerptFor(archive, reader, facts));
  const named = { ...facts, ...(excerpt !== undefined && { excerpt }) };
  if (facts.held) return lineOf(named, { ...HELD, turns, heard });
  return lineOf(named, {
    turns,
    heard,
    local: "would_be",
    telnyx: facts.telnyxId === undefined ? "none" : "would_be",
  });
}

function lineOf(
  facts: ConversationFacts & Nameable,
  { turns, heard, local, telnyx, why }: Omit<Fulfilled, "wish">,
): Forgotten {
  const { place, generation } = facts;
  return {
    conversation: { place, generation },
    name: calledInFull(facts),
    turns,
    heard,
    local,
    telnyx,
    ...(why !== undefined && { why }),
  };
}

/** Puts what the viewer asks for on hold, or takes that away. Returns how many conversations. Throws what `Admin` throws. */
export async function hold(
  { archive, erasure, clock }: ForgettingDeps,
  viewer: Viewer,
  { query, held }: { readonly query: string; readonly held: boolean },
): Promise<number> {
  const limited = demand(viewer, "hold");
  const { where } = parseQuery(query, clock.now());
  await archive.refresh();
  let count = 0;
  let keys: ConversationFacts[] = [];
  for await (const facts of conversationsIn(archive, within(where, limited))) {
    keys.push(facts);
    count += 1;
    if (keys.length < PAGE) continue;
    await erasure.hold(keys, viewer.id, held);
    keys = [];
  }
  await erasure.hold(keys, viewer.id, held);
  return count;
}
