import type { NameField, WordField } from "../archive.ts";
import type { SumBy } from "../sums.ts";
import type { Plain } from "../search/condition.ts";

/**
 * PURE: which sums are kept. Every turn is counted in cells: one for each span of time that it was received in, in each cube. A cube knows
 * something of its turns: by that they can be told apart, and found again. Sums of which one cube knows all are put together of its cells.
 */
export type Cube = "all" | "outcome" | "place" | "person";

/** In UTC. Weeks begin on Mondays. */
export type Span = "day" | "week" | "month" | "year";

type Known = WordField | `${Extract<NameField, "workspace" | "channel" | "parent">} now`;

interface CubeFacts {
  /** The longest first. */
  readonly spans: readonly Span[];
  /** Of what conditions may speak. */
  readonly knows: readonly Known[];
  /** By what it can be summed besides time. */
  readonly by: readonly SumBy[];
}

/** Those with the fewest cells first. A person's cells are not found by who it is: that goes by an index of turns. */
export const CUBES: Readonly<Record<Cube, CubeFacts>> = {
  all: { spans: ["day"], knows: [], by: [] },
  outcome: { spans: ["day"], knows: ["model", "status"], by: ["model", "status"] },
  place: {
    spans: ["month", "week", "day"],
    knows: ["platform", "workspaceId", "channelId", "kind", "workspace now", "channel now", "parent now"],
    by: ["platform", "workspace", "channel", "kind"],
  },
  person: { spans: ["year", "month", "day"], knows: [], by: ["user"] },
};

export const CUBE_NAMES = ["all", "outcome", "place", "person"] as const satisfies readonly Cube[];

const DAY = 86_400_000;
/** Spans by which sums can be told apart. */
type TimeBy = Extract<SumBy, Span>;
const TIMES: ReadonlySet<SumBy> = new Set<TimeBy>(["day", "week", "month"]);
export const isTime = (by: SumBy | undefined): by is TimeBy => by !== undefined && TIMES.has(by);

/** From `from`, inclusive, to below `below`, in milliseconds since the epoch. */
export interface Times {
  readonly from: number;
  readonly below: number;
}

export interface Piece extends Times {
  readonly span: Span;
}

/** What a condition asks of the cells. */
export interface CellQuestion extends Times {
  /** What is left of the condition without its times. */
  readonly rest: readonly Plain[];
}

/** The condition as a question that cells may answer. Undefined: it has times that begin or end within a day. */
export function cellQuestion(parts: readonly Plain[]): CellQuestion | undefined {
  let [from, below] = [-Infinity, Infinity];
  const rest: Plain[] = [];
  for (const part of parts) {
    if (part.kind === "is" && part.atom.kind === "number" && part.atom.field === "at") {
      from = Math.max(from, part.atom.from ?? -Infinity);
      below = Math.min(below, part.atom.below ?? Infinity);
    } else rest.push(part);
  }
  const whole = [from, below].every((time) => Math.abs(time) === Infinity || time % DAY === 0);
  return whole ? { from, below, rest } : undefined;
}

/** The cube that knows all that the condition speaks of, and tells apart what is asked for. */
export function cubeFor({ rest }: CellQuestion, by: SumBy | undefined): Cube | undefined {
  return CUBE_NAMES.find((cube) => {
    const { knows, by: apart } = CUBES[cube];
    const known = new Set<string>(knows);
    return (
      (by === undefined || isTime(by) || apart.includes(by)) && rest.every((part) => speaksOf(part, known))
    );
  });
}

function speaksOf(part: Plain, known: ReadonlySet<string>): boolean {
  if ("of" in part) return part.of.every((one) => speaksOf(one, known));
  const { atom } = part;
  if (atom.kind === "word" || atom.kind === "part") return known.has(atom.field);
  return atom.kind === "name" && known.has(`${atom.field} ${atom.tense}`);
}

/** Spans of which each lies in one week, or month, if it is summed by that. */
const WITHIN: Readonly<Record<TimeBy, readonly Span[]>> = {
  day: ["day"],
  week: ["week", "day"],
  month: ["month", "day"],
};

/** What the times are put together of: as few spans as the cube has, none of which goes over what is told apart. */
export function piecesOf(cube: Cube, apart: readonly (SumBy | undefined)[], times: Times): readonly Piece[] {
  const spans = CUBES[cube].spans.filter((span) =>
    apart.every((by) => !isTime(by) || WITHIN[by].includes(span)),
  );
  return cover(times, spans);
}

function cover(times: Times, [longest, ...shorter]: readonly Span[]): readonly Piece[] {
  const { from, below } = times;
  if (longest === undefined || from >= below) return [];
  const first = startOf(longest, from) === from ? from : next(longest, from);
  const end = startOf(longest, below);
  if (first >= end) return cover(times, shorter);
  return [
    ...cover({ from, below: first }, shorter),
    { span: longest, from: first, below: end },
    ...cover({ from: end, below }, shorter),
  ];
}

/** When the span began that a time lies in. */
export function startOf(span: Span, at: number): number {
  if (!Number.isFinite(at)) return at;
  const day = at - (((at % DAY) + DAY) % DAY);
  if (span === "day") return day;
  const date = new Date(day);
  if (span === "year") return Date.UTC(date.getUTCFullYear(), 0);
  if (span === "month") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  return day - ((date.getUTCDay() + 6) % 7) * DAY;
}

function next(span: Span, at: number): number {
  const start = startOf(span, at);
  if (span === "day") return start + DAY;
  if (span === "week") return start + 7 * DAY;
  const date = new Date(start);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + (span === "year" ? 12 : 1));
}
