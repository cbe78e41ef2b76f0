import { openBooks } from "./books.ts";
import type { StepLine } from "./child.ts";
import type { Evidence } from "./evidence.ts";
import type { Violation } from "./violation.ts";

interface Happening {
  readonly at: number;
  readonly who: string;
  readonly what: string;
}

/** Of a story, so many lines at its beginning and at its end are told. */
const TOLD = 60;
/** Troubles so long before the question and after the last of it belong to its story. */
const MARGIN_MS = 1_000;

/** How a violation came about: what befell its question and its place, from all witnesses, in order of time. */
export function tell(evidence: Evidence, violation: Violation): string {
  const ask = evidence.asks.find(({ number }) => number === violation.ask);
  const where = violation.where ?? ask?.where;
  const turns = ask ? openBooks(evidence).turns(ask) : [];
  const ids = new Set(turns.map(({ id }) => id));
  const places = new Set(turns.map(({ place }) => place));
  const own = (step: StepLine) =>
    (step.place !== undefined && places.has(step.place)) ||
    (step.turn !== undefined && ids.has(step.turn)) ||
    (ask !== undefined && step.key?.endsWith(ask.id) === true);
  const told = [
    ...evidence.asks
      .filter((one) => one.where === where)
      .map(({ at, number, heldBack }) => ({
        at,
        who: "people",
        what: `ask question ${number}${heldBack ? ", whose event is held back" : ""}`,
      })),
    ...withoutPairs(evidence.steps.filter(own)),
    ...postings(evidence, where),
    ...evidence.calls
      .filter((call) => call.ask === violation.ask)
      .map(({ at }) => ({ at, who: "telnyx", what: "is asked for the answer" })),
  ];
  const times = told.map(({ at }) => at).filter(Number.isFinite);
  const [from, to] = [Math.min(...times) - MARGIN_MS, Math.max(...times) + MARGIN_MS];
  const troubles = evidence.troubles
    .filter(({ at, until }) => at <= to && until >= from)
    .map(({ at, until, kind, detail }) => ({
      at,
      who: "trouble",
      what: `${kind} ${detail}${until > at ? ` for ${until - at} ms` : ""}`.trimEnd(),
    }));
  return written(
    [...told, ...troubles],
    `${violation.fault}: ${violation.what}${where === undefined ? "" : ` (${where})`}`,
  );
}

/** A step's two halves as one line, where nothing came between. */
function withoutPairs(steps: readonly StepLine[]): readonly Happening[] {
  return steps.flatMap(({ at, who, step, killed, turn }, index) => {
    const next = steps[index + 1];
    const isWhole = next?.who === who && next.step === step.replace(/ before$/, " after");
    if (isWhole && killed === undefined) return [];
    const end = killed === undefined ? "" : `, and is killed here (step ${killed})`;
    const of = turn === undefined ? "" : ` (turn ${turn})`;
    return [{ at, who, what: `${step}${of}${end}` }];
  });
}

function postings({ posts }: Evidence, where: string | undefined): readonly Happening[] {
  return posts
    .filter((post) => post.where === where)
    .flatMap(({ at, platform, id, text, versions }) => [
      { at, who: platform, what: `shows the message ${id}` },
      ...versions
        .slice(1)
        .map((version) => ({ at: version.at, who: platform, what: `shows an edit of ${id}` })),
      { at: Infinity, who: platform, what: `in the end ${id} is ${JSON.stringify(shortened(text))}` },
    ]);
}

const shortened = (text: string) =>
  text.length > 120 ? `${text.slice(0, 60)} (…) ${text.slice(-50)}` : text;

function written(happenings: readonly Happening[], title: string): string {
  const inOrder = happenings.toSorted((a, b) => a.at - b.at);
  const begin = inOrder[0]?.at ?? 0;
  const lines = inOrder.map(({ at, who, what }) => {
    const when = at === Infinity ? "" : `${Math.round(at - begin)}`;
    return `  ${when.padStart(7)}  ${who.padEnd(8)} ${what}`;
  });
  const cut = lines.length - 2 * TOLD;
  const shown =
    cut > 0 ? [...lines.slice(0, TOLD), `  … ${cut} lines left out …`, ...lines.slice(-TOLD)] : lines;
  return [title, ...shown].join("\n");
}
