import type { Unit } from "./field.ts";

/** What an amount or a time is compared with: `from`, inclusive, to below `below`. */
export interface Bounds {
  readonly from?: number;
  readonly below?: number;
}

/** Why a value is not what its field takes. */
export interface Wrong {
  readonly wrong: string;
  readonly instead?: string;
}

/** What one written value covers: a point has `below` one above `from`, a day the next midnight. */
export interface Covered {
  readonly from: number;
  readonly below: number;
}

/**
 * Reads `>5k`, `<=3`, `0.1..0.5`, `5..`, `7`, with what `read` makes of each end. Both ends of a range belong to it.
 */
export function boundsIn(text: string, read: (text: string) => Covered | Wrong): Bounds | Wrong {
  const [, sign, compared = ""] = /^(>=|<=|>|<|=)\s*(.*)$/s.exec(text) ?? [];
  if (sign !== undefined) {
    const covered = read(compared);
    return "wrong" in covered ? insteadOf(covered, (end) => sign + end) : compare(sign, covered);
  }
  const [low = "", high = "", ...more] = text.split(/\.{2,3}/);
  if (text.includes("...") && more.length === 0 && low !== "" && high !== "")
    return { wrong: "A range is written with two dots.", instead: `${low}..${high}` };
  return text.includes("..") ? range(text, read) : only(read(text));
}

function range(text: string, read: (text: string) => Covered | Wrong): Bounds | Wrong {
  const dots = text.indexOf("..");
  const [low, high] = [text.slice(0, dots), text.slice(dots + 2)];
  if (low === "" && high === "") return { wrong: "A range has an end on one side at least." };
  const [from, to] = [low, high].map((end) => (end === "" ? undefined : read(end)));
  const wrong = [from, to].find((end) => end !== undefined && "wrong" in end);
  if (wrong) {
    // It is told how the whole may be written only where that is known of both ends.
    const [first, last] = [rightForm(low, from), rightForm(high, to)];
    return first === undefined || last === undefined
      ? { wrong: wrong.wrong }
      : { wrong: wrong.wrong, instead: `${first}..${last}` };
  }
  const [first, last] = [from, to] as readonly (Covered | undefined)[];
  if (first && last && first.from > last.from)
    return { wrong: "This range ends before it begins.", instead: `${high}..${low}` };
  return { ...(first && { from: first.from }), ...(last && { below: last.below }) };
}

const rightForm = (written: string, end: Covered | Wrong | undefined) =>
  end !== undefined && "wrong" in end ? end.instead : written;

const only = (covered: Covered | Wrong): Bounds | Wrong =>
  "wrong" in covered ? covered : compare("=", covered);

const insteadOf = ({ wrong, instead }: Wrong, write: (instead: string) => string): Wrong => ({
  wrong,
  ...(instead !== undefined && { instead: write(instead) }),
});

function compare(sign: string, covered: Covered): Bounds {
  if (sign === "=") return { from: covered.from, below: covered.below };
  if (sign === ">") return { from: covered.below };
  if (sign === ">=") return { from: covered.from };
  return { below: sign === "<" ? covered.from : covered.below };
}

const MULTIPLES: Readonly<Record<string, number>> = { "": 0, k: 3, m: 6 };

/** Reads an amount: tokens, millionths of a US dollar, or milliseconds, each a whole number. */
export function amountIn(text: string, unit: Unit): Covered | Wrong {
  const amount = unit === "duration" ? durationIn(text) : numberIn(text, unit === "money" ? 6 : 0);
  if (amount === undefined) return { wrong: EXPECTED[unit], ...(unit === "duration" && spelledOut(text)) };
  if (amount > Number.MAX_SAFE_INTEGER) return { wrong: "This is more than can be counted." };
  // Between two whole numbers lies nothing: `>1.5` is from 2, `<1.5` below 2.
  return Number.isInteger(amount)
    ? { from: amount, below: amount + 1 }
    : { from: Math.ceil(amount), below: Math.ceil(amount) };
}

const EXPECTED: Readonly<Record<Unit, string>> = {
  count:
    "A number is expected here, such as 500, 5k or 1.5m; with >, >=, < or <= before it, or as a range: 5k..10k.",
  money:
    "An amount in US dollars is expected here, such as 0.10; with >, >=, < or <= before it, or as a range: 0.1..0.5.",
  duration:
    "A duration is expected here, such as 500ms, 5s or 1m30s; with >, >=, < or <= before it, or as a range: 1s..5s.",
};

/** The exponent is written, not multiplied: 0.07 × 1,000,000 is no whole number in binary. */
function numberIn(text: string, exponent: number): number | undefined {
  const [, digits, multiple = ""] = /^\$?(\d+(?:\.\d*)?|\.\d+)([km]?)$/i.exec(text.replaceAll("_", "")) ?? [];
  if (digits === undefined) return undefined;
  return Number(`${digits}e${exponent + (MULTIPLES[multiple.toLowerCase()] ?? 0)}`);
}

const MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const SHORT: Readonly<Record<string, string>> = {
  sec: "s",
  second: "s",
  minute: "m",
  hr: "h",
  hour: "h",
  day: "d",
  week: "w",
  month: "mo",
  mth: "mo",
  yr: "y",
  year: "y",
};

/** `7days` is written `7d`. */
export function spelledOut(text: string): { instead?: string } {
  const [, count, word = ""] = /^(\d+)[ _-]?([a-z]+?)s?$/i.exec(text) ?? [];
  const unit = SHORT[word.toLowerCase()];
  return count === undefined || unit === undefined ? {} : { instead: `${count}${unit}` };
}

/** `1m30s` in milliseconds. Undefined: it is no duration. */
export function durationIn(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|min|[smhdw]))+$/i.test(text)) return undefined;
  return [...text.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/gi)].reduce(
    (sum, [, digits = "", unit = ""]) => sum + Number(digits) * (MS[unit.toLowerCase()] ?? 0),
    0,
  );
}
