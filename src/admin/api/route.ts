import { z } from "zod";
import type { Admin } from "../admin.ts";
import type { Right, Viewer } from "../viewer.ts";
import { RequestError, type Wrong } from "./problem.ts";

/** Something that can be asked for: what checks the request also tells of it in the document. */
export interface Route {
  readonly method: "get" | "post";
  /** As OpenAPI writes it: `/conversations/{place}/{generation}`. */
  readonly path: string;
  /** For programs that are made of the document. */
  readonly id: string;
  readonly summary: string;
  readonly right: Right;
  readonly takes: Readonly<Record<Wrong["in"], z.ZodObject>>;
  readonly answers: Answers;
  /** Throws `RequestError`, and what `Admin` throws. */
  run(admin: Admin, viewer: Viewer, given: Given): Promise<Answer>;
}

/** What a request brings along, as it came. */
export type Given = Readonly<Record<Wrong["in"], unknown>>;

/** JSON, or lines of one of these types as they come. */
export type Answers = { readonly json: z.ZodType } | { readonly lines: Readonly<Record<string, z.ZodType>> };

export type Answer =
  | { readonly kind: "json"; readonly body: unknown }
  | {
      readonly kind: "lines";
      readonly type: string;
      readonly lines: AsyncIterable<string | Uint8Array<ArrayBuffer>>;
      readonly file?: string;
    };

interface Spec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> extends Omit<
  Route,
  "takes" | "run"
> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly run: (
    admin: Admin,
    viewer: Viewer,
    asked: { readonly params: z.output<P>; readonly query: z.output<Q>; readonly body: z.output<B> },
  ) => Promise<Answer>;
}

const NONE = z.strictObject({});
type None = typeof NONE;

export function route<
  P extends z.ZodObject = None,
  Q extends z.ZodObject = None,
  B extends z.ZodObject = None,
>(spec: Spec<P, Q, B>): Route {
  const { params, query, body, run, ...told } = spec;
  const takes = { path: params ?? NONE, query: query ?? NONE, body: body ?? NONE };
  return {
    ...told,
    takes,
    run: (admin, viewer, given) => {
      const [path, asked, sent] = checked(takes, given);
      // The schemas are P's, Q's and B's, or take nothing.
      return run(admin, viewer, {
        params: path as z.output<P>,
        query: asked as z.output<Q>,
        body: sent as z.output<B>,
      });
    },
  };
}

/** Throws `RequestError` with everything that is wrong. */
function checked(takes: Route["takes"], given: Given): readonly [unknown, unknown, unknown] {
  const wrong: Wrong[] = [];
  const read = (part: Wrong["in"]) => {
    const { data, error } = takes[part].safeParse(given[part]);
    for (const issue of error?.issues ?? []) wrong.push(...wrongIn(part, issue, given[part]));
    return data;
  };
  const all = [read("path"), read("query"), read("body")] as const;
  if (wrong.length > 0) throw new RequestError(wrong);
  return all;
}

function wrongIn(part: Wrong["in"], issue: z.core.$ZodIssue, given: unknown): Wrong[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((name) => ({ in: part, name, message: "is nothing that can be given here." }));
  const name = issue.path.map(String).join(".") || part;
  const value = issue.path.reduce<unknown>((within, key) => Object(within)[key], given);
  return [{ in: part, name, message: inWords(part, issue, value) }];
}

/** In the words of who wrote it: what was sent of a path and a query is text. */
function inWords(part: Wrong["in"], issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return "is missing.";
  if (part === "query" && Array.isArray(value)) return "is given more than once.";
  if (issue.code === "invalid_type") return `is not right: it must be a ${issue.expected}.`;
  if (issue.code === "too_small" || issue.code === "too_big")
    return `is not right: it must be ${sizeOf(issue)}.`;
  if (issue.code === "invalid_value") return `is not right: it must be ${issue.values.join(" or ")}.`;
  return `is not right: ${issue.message}.`;
}

/** What is asked of a number, or of how long a text or a list is. */
function sizeOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [limit, side] = issue.code === "too_small" ? [issue.minimum, "least"] : [issue.maximum, "most"];
  if (issue.origin === "string")
    return `at ${side} ${limit} ${Number(limit) === 1 ? "character" : "characters"} long`;
  return issue.origin === "array" ? `at ${side} ${limit} long` : `at ${side} ${limit}`;
}

export const json = (body: unknown): Answer => ({ kind: "json", body });
