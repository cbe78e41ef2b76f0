import type { LinkedMessage } from "../chat/links.ts";
import type { Message } from "../chat/message.ts";
import type { Looked } from "../chat/platform.ts";
import { PatchcordError, PlatformRefusal } from "../errors.ts";
import { type AnswerRules, type Step, trace } from "../reply/decide.ts";
import { stepInWords } from "../reply/reasons.ts";
import type { Condition } from "../store/archive.ts";
import type { Store } from "../store/store.ts";
import type { ListedTurn } from "./admin.ts";
import type { Recorder } from "./audit.ts";
import { withExcerpts } from "./excerpts.ts";
import type { Explanation } from "./explain.ts";
import { conversationsFor, linkTo, one, type ReadingDeps, turnsFor } from "./reading.ts";
import { demand, EVERYTHING, seenBy, seesAll, type Viewer, within } from "./viewer.ts";

export interface ExplainingDeps extends ReadingDeps {
  readonly recorder: Recorder;
  readonly store: Pick<Store, "takesPart">;
  /** By which messages are answered. Beside the bot: as the configuration there has them. */
  readonly rules: () => AnswerRules;
  /** Asks the platform. Throws `PlatformRefusal`. Undefined: the platform is switched off, or cannot look. Absent beside the bot, which alone has the connections. */
  readonly find?: (platform: string, link: string) => Promise<Looked | undefined>;
}

const OLDEST_FIRST = { by: "started", direction: "asc" } as const;

/** What became of a message, by a link to it or to our answer, or as `turn:17`. Throws `link_invalid`, `not_found`, and what `Admin` throws. */
export async function explain(deps: ExplainingDeps, viewer: Viewer, link: string): Promise<Explanation> {
  const limited = demand(viewer, "read");
  await deps.archive.refresh();
  const { turn, ...linked } = await meant(deps, limited, link.trim());
  const looked = await look(deps, linked);
  const explanation = turn
    ? await ofTurn(deps, limited, { link, turn, seen: await orAsItCame(deps, looked, turn) })
    : await ofNone(deps, limited, { link, seen: looked });
  await deps.recorder.look(viewer, { what: "explain", content: link, rows: 1 });
  return explanation;
}

interface Meant {
  readonly platform: string;
  /** To the message itself, where the platform can be asked. */
  readonly link?: string;
  /** Absent: it is none that the viewer may know of. */
  readonly turn?: ListedTurn;
}

async function meant(deps: ExplainingDeps, viewer: Viewer, link: string): Promise<Meant> {
  // Not every message has a link: of some workspaces the address is not known.
  const [, number] = /^turn:(\d{1,15})$/i.exec(link) ?? [];
  if (number === undefined) {
    const linked = await readLink(deps, viewer, link);
    const turn = await turnFor(deps, viewer, linked);
    return { platform: linked.platform, link: turn?.link ?? link, ...(turn && { turn }) };
  }
  const turn = await turnNumbered(deps, viewer, number);
  if (!turn) throw new PatchcordError("not_found", `There is no turn ${number}, or it is not yours to see.`);
  return { platform: turn.platform, turn, ...(turn.link !== undefined && { link: turn.link }) };
}

async function readLink(
  { archive, links }: ExplainingDeps,
  viewer: Viewer,
  link: string,
): Promise<LinkedMessage> {
  const [workspaces = []] = await archive.sums(within(EVERYTHING, viewer), [{ by: "workspace" }]);
  const linked = links.readLink(
    link,
    workspaces.flatMap(({ key }) => key ?? []),
  );
  if (linked) return linked;
  throw new PatchcordError(
    "link_invalid",
    "This is no link to a message on Slack or Discord: copy it from the menu of the message, or write a turn's number as turn:17.",
  );
}

/** The turn that the message, or the answer, belongs to, if the viewer may know of it. */
async function turnFor(
  deps: ExplainingDeps,
  viewer: Viewer,
  linked: LinkedMessage,
): Promise<ListedTurn | undefined> {
  const { archive } = deps;
  const places = new Set(linked.places);
  if (linked.threadId !== undefined) {
    const words: Condition[] = [
      { kind: "word", field: "platform", values: [linked.platform] },
      { kind: "word", field: "threadId", values: [linked.threadId] },
    ];
    const { rows } = await archive.conversations({
      where: within({ kind: "all", of: words }, viewer),
      sort: OLDEST_FIRST,
      limit: 100,
    });
    for (const { place } of rows) places.add(place);
  }
  for (const place of places) {
    const id = await archive.turnOf(place, linked.id);
    if (id === undefined) continue;
    const turn = await turnNumbered(deps, viewer, String(id));
    if (turn) return turn;
  }
  return undefined;
}

async function turnNumbered(
  deps: ExplainingDeps,
  viewer: Viewer,
  number: string,
): Promise<ListedTurn | undefined> {
  const it: Condition = { kind: "word", field: "turn", values: [number] };
  const { rows } = await deps.archive.turns({ where: within(it, viewer), sort: OLDEST_FIRST, limit: 1 });
  const [turn] = await turnsFor(deps, viewer, rows);
  return turn;
}

/** The message, and what is not known of it. */
interface Seen {
  readonly message?: Message;
  readonly gaps: readonly string[];
}

const TODAY = "whether the rules were the same when it came: those of today are shown";

/** The message as its platform has it now, or why not. */
async function look({ find }: ExplainingDeps, { platform, link }: Meant): Promise<Seen> {
  const unseen = (why: string): Seen => ({ gaps: [`the message as it is now: ${why}`] });
  if (!find)
    return unseen("the running bot alone asks the platforms, in its console (Explain) and through its API");
  if (link === undefined) return unseen("no link to it is known");
  try {
    const looked = await find(platform, link);
    if (!looked) return unseen(`the bot does not run on ${platform}`);
    return "message" in looked ? { ...looked, gaps: [TODAY] } : unseen(looked.missing);
  } catch (error) {
    if (!(error instanceof PlatformRefusal)) throw error;
    return unseen(`${platform} could not be asked (${error.code})`);
  }
}

/** The message as it was stored when it came, where it cannot be had as it is now: until it is forgotten. */
async function orAsItCame({ archive, find }: ExplainingDeps, seen: Seen, turn: ListedTurn): Promise<Seen> {
  if (seen.message) return seen;
  const message = await archive.message(turn.id);
  if (!message) return seen;
  const today = find ? TODAY : `${TODAY}, as the configuration here has them`;
  return { message, gaps: [`${seen.gaps.join("; ")}. It is taken as it came`, today] };
}

/** The rules as they are today, for that message. */
async function traceOf({ rules, store }: ExplainingDeps, message: Message): Promise<readonly Step[]> {
  const takesPart = await store.takesPart(message.place, message.sentAt);
  return trace(message, rules(), { takesPart });
}

const inWords = (steps: readonly Step[]): Explanation["rules"] =>
  steps.map((step) => ({ says: stepInWords(step), outcome: step.outcome }));

async function ofTurn(
  deps: ExplainingDeps,
  viewer: Viewer,
  { link, turn, seen }: { readonly link: string; readonly turn: ListedTurn; readonly seen: Seen },
): Promise<Explanation> {
  const { archive } = deps;
  const { rows } = await archive.conversations({
    where: within(one(turn), viewer),
    sort: OLDEST_FIRST,
    limit: 1,
  });
  const conversations = await conversationsFor(deps, viewer, rows);
  const [conversation] = await withExcerpts(archive, viewer, conversations);
  const given = await archive.given(turn.id);
  const { settings, input, heardMessages = [], ...others } = given ?? {};
  const counts = { heard: 0, earlierTurns: 0, ...others };
  const model = turn.model === undefined ? {} : { model: turn.model };
  const instructions = settings && {
    "instructions (SHA-256)": settings.instructions,
    "instructions were sent": settings.instructed === "now" ? "with this request" : "with an earlier request",
  };
  return {
    link,
    rules: seen.message ? inWords(await traceOf(deps, seen.message)) : [],
    answered: turn.status === "done" || turn.status === "stopped",
    turn,
    ...(conversation && { conversation }),
    ...(given && {
      given: {
        ...counts,
        messages: heardMessages.map(({ id, ...one }) => ({ ...one, ...linkTo(deps.links, turn, id) })),
        ...(turn.readable && input !== undefined && { input }),
      },
    }),
    settings: { ...model, ...instructions },
    gaps: [
      ...seen.gaps,
      ...OUTCOMES[turn.status].filter((gap) => gap !== ""),
      ...(given ? [] : ["what the model was given: it was not asked"]),
    ],
  };
}

/** What a turn's end leaves open. */
const OUTCOMES: Readonly<Record<ListedTurn["status"], readonly string[]>> = {
  open: ["how it ends: it waits, or is being answered"],
  done: [],
  stopped: [],
  failed: [],
  postponed: [
    "what the answer would be: it came so late that it was only offered, and nobody pressed Answer now",
  ],
  forgotten: ["what was said, and by whom: it was forgotten"],
};

/**
 * A message that is no turn: it was ignored, or never came here. Who may not see where it is, or would be, is told that there is none; and who does not see
 * everything is not told why it was not found, since that says whether something is there.
 */
async function ofNone(deps: ExplainingDeps, viewer: Viewer, { link, seen }: None): Promise<Explanation> {
  const unknown = "It is no message that was for the bot, nor an answer of its";
  const { message, gaps } = seen;
  const all = seesAll(viewer);
  if (!message)
    throw new PatchcordError("not_found", all ? `${unknown}. Not known: ${gaps.join("; ")}.` : `${unknown}.`);
  const here: Condition = { kind: "word", field: "place", values: [message.place] };
  const where: Condition = { kind: "all", of: [here, seenBy(viewer)] };
  const isSeen =
    all || (await deps.archive.conversations({ where, sort: OLDEST_FIRST, limit: 1 })).rows.length > 0;
  if (!isSeen) throw new PatchcordError("not_found", `${unknown}.`);
  const steps = await traceOf(deps, message);
  const missed = steps.some(({ decision, outcome }) => outcome === "decides" && decision.answer);
  return {
    link,
    rules: inWords(steps),
    answered: false,
    settings: {},
    gaps: [
      missed
        ? "why it is not here: by these rules it would be answered. The bot was not there when it was posted, or the rules were others"
        : TODAY,
    ],
  };
}

interface None {
  readonly link: string;
  readonly seen: Seen;
}
