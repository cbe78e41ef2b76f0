import type { Problem } from "./error.ts";
import { lex, type Token } from "./lex.ts";
import { several, type Term, type Tree } from "./tree.ts";

/** How deep groups and negations may lie in each other. */
const DEEPEST = 20;
/** They say how to show what is found, not what to find: they hold for the whole query, wherever they stand. */
const SETTINGS: ReadonlySet<string> = new Set(["sort", "by"]);

export interface Parsed {
  readonly tree: Tree;
  /** The terms that are settings, in their order. */
  readonly settings: readonly Term[];
  readonly problems: readonly Problem[];
}

interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly problems: Problem[];
  at: number;
}

/** Text → tree. Never throws. With problems, the tree is as much as could be made out. */
export function parse(text: string): Parsed {
  const { tokens, problems } = lex(text);
  const { settings, rest, misplaced } = withoutSettings(tokens);
  const reader: Reader = {
    text,
    tokens: rest,
    problems: [...problems, ...misplaced, ...smallOperators(text, rest)],
    at: 0,
  };
  if (rest.length === 0) return { tree: { kind: "all", of: [] }, settings, problems: reader.problems };
  const tree = anyOf(reader, 0);
  const left = rest[reader.at];
  if (left?.kind === ")")
    reader.problems.push({
      ...place(left),
      message: "This parenthesis closes nothing: a ( is missing before it.",
    });
  return { tree, settings, problems: reader.problems };
}

/** `a:b or c:d`: between two fields a word that is an operator in capitals is hardly looked for. */
function smallOperators(text: string, tokens: readonly Token[]): readonly Problem[] {
  return tokens.flatMap((token, index) => {
    const word = text.slice(token.from, token.to);
    const operator = word.toUpperCase();
    const [before, after] = [tokens[index - 1], tokens[index + 1]];
    const isMeant =
      (operator === "NOT" || ((operator === "OR" || operator === "AND") && isOfField(before, ")"))) &&
      isOfField(after, "(");
    if (token.kind !== "term" || !isMeant) return [];
    const message = `${operator} is written in capitals. To look for the word, put it in quotes.`;
    return [{ ...place(token), message, instead: operator }];
  });
}

const isOfField = (token: Token | undefined, bracket: Token["kind"]) =>
  token !== undefined &&
  (token.kind === bracket || token.kind === "-" || (token.kind === "term" && token.field !== "text"));

/** `a b OR c`: `OR` binds least. */
function anyOf(reader: Reader, depth: number): Tree {
  const parts = [allOf(reader, depth)];
  while (reader.tokens[reader.at]?.kind === "OR") {
    reader.at += 1;
    parts.push(allOf(reader, depth));
  }
  return several("any", parts);
}

function allOf(reader: Reader, depth: number): Tree {
  const parts: Tree[] = [];
  for (let token = reader.tokens[reader.at]; token; token = reader.tokens[reader.at]) {
    if (token.kind === "OR" || token.kind === ")") break;
    parts.push(one(reader, token, depth));
  }
  if (parts.length === 0) reader.problems.push(nothingAt(reader));
  return several("all", parts);
}

function one(reader: Reader, token: Token, depth: number): Tree {
  reader.at += 1;
  if (token.kind === "term") return token;
  if (depth >= DEEPEST) return tooDeep(reader, token);
  if (token.kind === "(") return group(reader, token, depth);
  const negated = reader.tokens[reader.at];
  if (negated && negated.kind !== "OR" && negated.kind !== ")")
    return { kind: "not", of: one(reader, negated, depth + 1) };
  reader.problems.push({ ...place(token), message: "It does not say what is not wanted." });
  return { kind: "all", of: [] };
}

function group(reader: Reader, open: Token, depth: number): Tree {
  const tree = anyOf(reader, depth + 1);
  if (reader.tokens[reader.at]?.kind === ")") reader.at += 1;
  else if (reader.at === reader.tokens.length)
    reader.problems.push({ ...place(open), message: "This parenthesis is not closed: a ) is missing." });
  return tree;
}

function tooDeep(reader: Reader, token: Token): Tree {
  reader.at = reader.tokens.length + 1; // nothing is looked at any more
  reader.problems.push({
    ...place(token),
    message: `Parentheses and negations lie more than ${DEEPEST} deep in each other here.`,
  });
  return { kind: "all", of: [] };
}

function nothingAt({ tokens, at, text }: Reader): Problem {
  const [before, here] = [tokens[at - 1], tokens[at]];
  if (before?.kind === "OR") return { ...place(before), message: "Something is missing after this OR." };
  if (here?.kind === "OR") return { ...place(here), message: "Something is missing before this OR." };
  if (before?.kind === "(" && here)
    return { from: before.from, to: here.to, message: "There is nothing between these parentheses." };
  const token = here ?? before;
  return token?.kind === "("
    ? { ...place(token), message: "Nothing follows this parenthesis." }
    : { ...(token ? place(token) : { from: 0, to: text.length }), message: "Something is missing here." };
}

const place = ({ from, to }: Token) => ({ from, to });

function withoutSettings(tokens: readonly Token[]) {
  const [settings, rest, misplaced]: [Term[], Token[], Problem[]] = [[], [], []];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "(") depth += 1;
    if (token.kind === ")") depth -= 1;
    if (token.kind !== "term" || !SETTINGS.has(token.field)) {
      rest.push(token);
      continue;
    }
    settings.push(token);
    if (depth > 0 || tokens[index - 1]?.kind === "-")
      misplaced.push({
        ...place(token),
        message: `${token.field}: holds for the whole query: it stands outside of parentheses, and without a minus before it.`,
      });
  }
  return { settings, rest, misplaced };
}
