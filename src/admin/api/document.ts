import { z } from "zod";
import { problem } from "./facts.ts";
import { DEEDS } from "./deeds.ts";
import { READING } from "./reading.ts";
import type { Answers, Route } from "./route.ts";

export const API_ROOT = "/api/v1";
export const ROUTES: readonly Route[] = [...READING, ...DEEDS];

type Json = Readonly<Record<string, unknown>>;

const REFUSALS: Readonly<Record<string, string>> = {
  401: "There is no token, or it is not good",
  403: "Your token has no right to this",
  405: "The path is asked in another way: see Allow",
  422: "The request or its query is not right",
  429: "Too often: see Retry-After",
  500: "Something went wrong: the log of the bot says what",
  503: "The database cannot be asked now",
};
const BODY_REFUSALS: Readonly<Record<string, string>> = {
  400: "The body is no JSON",
  413: "The body is too large",
  415: "The body is not application/json",
};

/** What can be asked for, as OpenAPI 3.1: made of the same schemas that check requests. */
export function openApi(): Json {
  const components = new Map<string, unknown>();
  const schemaOf = (schema: z.ZodType, io: "input" | "output") => hoisted(schema, io, components);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ROUTES) (paths[route.path] ??= {})[route.method] = operationOf(route, schemaOf);
  schemaOf(problem, "output");
  return {
    openapi: "3.1.1",
    info: {
      title: "patchcord",
      version: "1",
      description: "What was said where, for admins. Queries are those of the console and the command line.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: API_ROOT }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(components),
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "A token of `patchcord tokens create`, or the operator's (ADMIN_TOKEN).",
        },
      },
    },
  };
}

type SchemaOf = (schema: z.ZodType, io: "input" | "output") => unknown;

function operationOf(route: Route, schemaOf: SchemaOf): Json {
  const { id, summary, right, takes, answers, method } = route;
  const refusals = Object.entries({
    ...REFUSALS,
    ...(method === "post" && BODY_REFUSALS),
    ...((id === "showConversation" || id === "explainMessage") && {
      404: "There is none, or it is not yours to see",
    }),
    ...(id === "sync" && { 502: "Telnyx could not be reached" }),
  });
  return {
    operationId: id,
    summary,
    description: right === "read" ? undefined : `Needs the right \`${right}\`.`,
    parameters: [
      ...parametersOf("path", takes.path, schemaOf),
      ...parametersOf("query", takes.query, schemaOf),
    ],
    ...(method === "post" && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: schemaOf(takes.body, "input") } },
      },
    }),
    responses: {
      200: { description: "Done", content: contentOf(answers, schemaOf) },
      ...Object.fromEntries(
        refusals.map(([status, description]) => [
          status,
          {
            description,
            content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
          },
        ]),
      ),
    },
  };
}

function parametersOf(place: "path" | "query", takes: z.ZodObject, schemaOf: SchemaOf): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(takes, "input") as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
}

/** JSON lines are described by a line: OpenAPI 3.1 has no word for many of them. */
function contentOf(answers: Answers, schemaOf: SchemaOf): Json {
  const types = "json" in answers ? { "application/json": answers.json } : answers.lines;
  return Object.fromEntries(
    Object.entries(types).map(([type, schema]) => [type, { schema: schemaOf(schema, "output") }]),
  );
}

/** The schema with what has a name moved to the document's components. */
function hoisted(schema: z.ZodType, io: "input" | "output", components: Map<string, unknown>): unknown {
  // In a whole, since only what is a part of one goes by its name.
  const text = JSON.stringify(z.toJSONSchema(z.object({ schema }), { io }));
  const { properties, $defs = {} } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as {
    readonly properties: { readonly schema: unknown };
    readonly $defs?: Readonly<Record<string, Json>>;
  };
  for (const [name, { id: _, ...definition }] of Object.entries($defs)) components.set(name, definition);
  return properties.schema;
}
