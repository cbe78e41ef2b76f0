import type { Context } from "hono";
import { PatchcordError } from "../../errors.ts";
import { bodyOf, bytesOf, cutOff } from "../body.ts";
import type { Forgotten } from "../forget.ts";
import { forgottenLine } from "../forgotten-line.ts";
import { parseQuery } from "../query/query.ts";
import { demand, type Right } from "../viewer.ts";
import { EXPORT_FORMATS, typeOf } from "../written.ts";
import { exportPage, forgetPage, holdPage } from "./deeds.ts";
import type { App, ConsoleDeps, Env } from "./deps.ts";
import { type Form, formOf } from "./forms.ts";
import { shownPage } from "./respond.ts";

/** So many lines are looked at before it is done: who forgets more has to trust the query. */
const MOST_FORESEEN = 200;

/** Exporting, forgetting and holding what a query finds: each is looked at first, and done by a form of this session. */
export function addDeeds(app: App, deps: ConsoleDeps): void {
  const { admin } = deps;
  app.get("/export", (context) => shownPage(context, exportPage(askedOf(context, "export"))));
  app.post("/export", async (context) =>
    exported(deps, context, await formOf(context, context.var.viewing.csrf)),
  );
  app.get("/hold", (context) => shownPage(context, holdPage(askedOf(context, "hold"))));
  app.post("/hold", async (context) => {
    const { viewer, csrf } = context.var.viewing;
    const form = await formOf(context, csrf);
    const [q, held] = [form.get("q") ?? "", form.get("held") === "yes"];
    const count = await admin.hold(viewer, q, held);
    return shownPage(context, holdPage({ q, csrf }, { held, count }));
  });
  app.get("/forget", async (context) => {
    const deed = askedOf(context, "forget");
    return shownPage(
      context,
      forgetPage(deed, deed.q === "" ? undefined : await foreseen(deps, context, deed.q)),
    );
  });
  app.post("/forget", async (context) =>
    forgotten(deps, context, await formOf(context, context.var.viewing.csrf)),
  );
}

/** Throws `not_allowed`: there is no use in looking at a form that may not be sent. */
function askedOf({ req, var: { viewing } }: Context<Env>, right: Right) {
  demand(viewing.viewer, right);
  return { q: req.query("q")?.trim() ?? "", csrf: viewing.csrf };
}

async function foreseen({ admin }: ConsoleDeps, { var: { viewing } }: Context<Env>, query: string) {
  const lines: Forgotten[] = [];
  for await (const line of admin.forget(viewing.viewer, { query, dry: true })) {
    if (lines.length === MOST_FORESEEN) return { lines, more: true };
    lines.push(line);
  }
  return { lines, more: false };
}

async function exported(deps: ConsoleDeps, context: Context<Env>, form: Form) {
  const { admin, clock } = deps;
  const format = EXPORT_FORMATS.find((name) => name === form.get("format"));
  if (!format) throw new PatchcordError("form_invalid", "Choose how it is to be written.");
  const query = form.get("q") ?? "";
  const redact = form.get("redact") === "yes";
  const pieces = admin.export(context.var.viewing.viewer, { query, redact, format });
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  return streamed(deps, context, bytesOf(pieces), {
    "content-type": typeOf(format),
    "content-disposition": `attachment; filename="patchcord-${day}.${format === "markdown" ? "md" : format}"`,
  });
}

async function forgotten(deps: ConsoleDeps, context: Context<Env>, form: Form) {
  const { admin, clock } = deps;
  const query = form.get("q")?.trim() ?? "";
  const { tree } = parseQuery(query, clock.now());
  if (tree.kind === "all" && tree.of.length === 0)
    throw new PatchcordError(
      "form_invalid",
      "Say what is to be forgotten: everything is not forgotten from here.",
    );
  if (form.get("sure") !== "yes")
    throw new PatchcordError("form_invalid", "Say that you want it to be forgotten: nothing was done.");
  const told = forgottenLines(admin.forget(context.var.viewing.viewer, { query, dry: false }));
  return streamed(deps, context, told, { "content-type": "text/plain; charset=utf-8" });
}

async function* forgottenLines(rows: AsyncIterable<Forgotten>): AsyncGenerator<string> {
  let count = 0;
  for await (const one of rows) {
    count += 1;
    yield `${forgottenLine(one)}\n`;
  }
  yield count === 0 ? "Nothing was found.\n" : `That is all: ${count}.\n`;
}

/** Sends what comes as it is taken. Whatever is wrong from the start is thrown before anything is sent; what fails on the way cuts the connection. */
async function streamed(
  { log }: ConsoleDeps,
  context: Context<Env>,
  lines: AsyncIterable<string | Uint8Array<ArrayBuffer>>,
  headers: Record<string, string>,
): Promise<Response> {
  const body = await bodyOf(lines, (error) => {
    log.error({ err: error, path: context.req.path }, "an answer was cut off");
    return cutOff(context);
  });
  return new Response(body, {
    headers: { ...headers, "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}
