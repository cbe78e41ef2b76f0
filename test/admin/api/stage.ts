import Ajv2020, { type ValidateFunction } from "ajv/dist/2020.js";
import type { Hono } from "hono";
import { createTokenDesk, type TokenRequest } from "../../../src/admin/access/tokens.ts";
import { exportingOf } from "../exporting.ts";
import type { Admin } from "../../../src/admin/admin.ts";
import { createApi } from "../../../src/admin/api/api.ts";
import { openApi } from "../../../src/admin/api/document.ts";
import { createRecorder } from "../../../src/admin/audit.ts";
import { createAdmin } from "../../../src/admin/create.ts";
import { proxiesIn } from "../../../src/admin/session/proxies.ts";
import { operator } from "../../../src/admin/viewer.ts";
import type { Log } from "../../../src/log.ts";
import { createFakeTelnyx } from "../../fakes/telnyx.ts";
import { adminWorld, type AdminWorld } from "../world.ts";

export const OPERATOR = "operator-0123456789abcdef-0123456789abcdef";

export interface ApiStage {
  readonly world: AdminWorld;
  readonly app: Hono;
  readonly lines: unknown[];
  /** Asks as the operator, unless another token is given. The answer is checked against the document. */
  readonly ask: (path: string, options?: AskOptions) => Promise<Answered>;
  readonly token: (request: Partial<TokenRequest>) => Promise<string>;
}

export interface AskOptions {
  readonly token?: string;
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** The API over a database in memory. `change` alters what it asks. */
export function apiStage(change: (admin: Admin) => Partial<Admin> = () => ({})): ApiStage {
  const world = adminWorld();
  const { bench } = world;
  const clock = { now: bench.now, monotonic: bench.now, sleep: () => Promise.resolve() };
  const lines: unknown[] = [];
  const admin = adminOf(world);
  const deps = {
    admin: { ...admin, ...change(admin) },
    tokens: bench.tokens,
    adminToken: OPERATOR,
    isProxy: proxiesIn([]),
    clock,
    log: { error: (...said: unknown[]) => void lines.push(said) } as unknown as Log,
  };
  const app = createApi(deps) as unknown as Hono;
  const desk = createTokenDesk({
    tokens: bench.tokens,
    recorder: createRecorder({ audit: bench.audit, clock }),
    clock,
  });
  const root = operator({ id: "cli:root", name: "root", via: "cli" });
  let made = 0;
  const documented = checker();
  return {
    world,
    app,
    lines,
    token: async (request) => {
      made += 1;
      const plain: TokenRequest = {
        name: `t${made}`,
        where: "",
        reads: "content",
        private: false,
        rights: [],
      };
      return (await desk.createToken(root, { ...plain, ...request })).secret;
    },
    ask: async (path, options = {}) => {
      const response = await app.request(`http://bot/api/v1${path}`, requestOf(options));
      const text = await response.text();
      const type = response.headers.get("content-type")?.split(";")[0] ?? "";
      if (options.method !== "HEAD" && options.method !== "OPTIONS")
        documented({ path, method: options.method ?? "GET", status: response.status, type, text });
      const json = type.endsWith("json") && text !== "" ? (JSON.parse(text) as Record<string, unknown>) : {};
      return { status: response.status, headers: response.headers, text, json };
    },
  };
}

/** The same, where three things were asked: two in a public channel, one in a private one. */
export async function askedStage(change?: (admin: Admin) => Partial<Admin>): Promise<ApiStage> {
  const stage = apiStage(change);
  const { ask } = stage.world;
  const support = { channel: "C1", name: "support" };
  await ask({ ...support, question: "Where is order 17?", answer: "On its way." });
  await ask({ ...support, question: "And order 18?" });
  const board = { channel: "C2", name: "board", kind: "private" } as const;
  await ask({ ...board, question: "Whom do we pay?", telnyxId: "t2" });
  return stage;
}

export const rowsOf = (json: Record<string, unknown>) => json["rows"] as Record<string, unknown>[];

function requestOf({ token = OPERATOR, method = "GET", body, headers = {} }: AskOptions): RequestInit {
  return {
    method,
    headers: {
      ...(token !== "" && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  };
}

/** What is not there yet stands here with answers of its form. */
function adminOf({ deps, bench }: AdminWorld): Admin {
  const telnyx = createFakeTelnyx({ now: bench.now });
  const made = createAdmin({
    ...deps,
    store: bench.store,
    audit: bench.audit,
    erasure: bench.erasure,
    tokens: bench.tokens,
    telnyx: { ...telnyx, listConversations: () => telnyx.listConversations() },
    exporting: exportingOf(bench.archive),
    signal: new AbortController().signal,
  });
  return {
    ...made,
    explain: async (viewer, link) => {
      const { rows } = await made.turns(viewer, { query: "", limit: 1 });
      return {
        link,
        rules: [{ says: "it is a direct message", outcome: "passes" }],
        answered: true,
        ...(rows[0] && { turn: rows[0] }),
        given: { messages: [], heard: 0, earlierTurns: 1 },
        settings: { model: "some/model" },
        gaps: [],
      };
    },
  };
}

interface Seen {
  readonly path: string;
  readonly method: string;
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

/** Throws for an answer that the document does not have, or has otherwise. */
function checker(): (seen: Seen) => void {
  const document = openApi() as unknown as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    readonly components: object;
  };
  const ajv = new Ajv2020.default({ strict: false, allErrors: true });
  const validators = new Map<object, ValidateFunction>();
  const validatorOf = (schema: object) => {
    const known = validators.get(schema);
    if (known) return known;
    const whole = { ...schema, components: document.components };
    const made = ajv.compile(whole);
    validators.set(schema, made);
    return made;
  };
  return ({ path, method, status, type, text }) => {
    const known = Object.keys(document.paths).find((one) =>
      new RegExp(`^${one.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path.split("?")[0] ?? ""),
    );
    const operation = document.paths[known ?? ""]?.[method.toLowerCase()];
    const isProblem = type === "application/problem+json";
    if (!operation && isProblem && [401, 404, 405].includes(status)) return;
    const schema = operation?.responses[String(status)]?.content[type]?.schema;
    if (!schema)
      throw new Error(`${method} ${path} answered ${status} ${type}, which is not documented: ${text}`);
    const isJson = type === "application/json" || isProblem;
    const parts = isJson
      ? [text]
      : type === "application/jsonl"
        ? text.split("\n").filter((line) => line !== "")
        : [];
    const validate = validatorOf(schema);
    for (const part of parts)
      if (!validate(JSON.parse(part)))
        throw new Error(
          `${method} ${path} answered otherwise than documented: ${ajv.errorsText(validate.errors)} in ${part}`,
        );
  };
}
