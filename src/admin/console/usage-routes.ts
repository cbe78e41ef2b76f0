import type { Context } from "hono";
import { QueryError } from "../query/error.ts";
import { quote } from "../query/print.ts";
import type { App, ConsoleDeps, Env } from "./deps.ts";
import { withQuery } from "./paths.ts";
import { placesPage } from "./places.ts";
import { problemsOf } from "./problem.ts";
import { inRange, rangeIn, stepOf } from "./range.ts";
import { shownPage } from "./respond.ts";
import { USAGE, usageFrame, usagePage } from "./usage.ts";

const MOST_CHANNELS = 50;
/** Each is asked for by itself. */
const MOST_WORKSPACES = 12;

/** What it comes to: over time, by channel, by place. */
export function addUsage(app: App, deps: ConsoleDeps): void {
  app.get("/usage", (context) => usage(deps, context));
  app.get("/places", (context) => places(deps, context));
}

async function usage({ admin, clock }: ConsoleDeps, context: Context<Env>) {
  const { viewer } = context.var.viewing;
  const asking = {
    q: context.req.query("q") ?? "",
    range: rangeIn(context.req.query("days")),
    now: clock.now(),
  };
  try {
    const query = inRange(asking.q, asking.range, asking.now);
    const also = [{ by: "channel", limit: MOST_CHANNELS }] as const;
    const steps = await admin.usage(viewer, { query, by: stepOf(asking.range), also });
    return shownPage(context, usagePage(asking, { steps, channels: steps.also?.[0] ?? [] }));
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const problems = problemsOf(error, (q) => withQuery(USAGE, { q, days: String(asking.range) }));
    return shownPage(context, usageFrame(asking, problems), 422);
  }
}

async function places({ admin, clock }: ConsoleDeps, context: Context<Env>) {
  const { viewer } = context.var.viewing;
  const range = rangeIn(context.req.query("days"));
  const query = inRange("", range, clock.now());
  const { rows } = await admin.usage(viewer, { query, by: "workspace" });
  const shown = rows.slice(0, MOST_WORKSPACES);
  const workspaces = [];
  for (const workspace of shown) {
    // As it is now: that is known to the sums that are kept.
    const within = `${query} workspace@now:${quote(workspace.key ?? "")}`;
    const channels = await admin.usage(viewer, { query: within, by: "channel", limit: MOST_CHANNELS });
    workspaces.push({ workspace, channels });
  }
  return shownPage(context, placesPage(workspaces, range, rows.length - shown.length));
}
