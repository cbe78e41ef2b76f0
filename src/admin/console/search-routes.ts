import type { Context } from "hono";
import { z } from "zod";
import { completionFor } from "./completing.ts";
import type { App, ConsoleDeps, Env } from "./deps.ts";
import { type Asked, explainPath } from "./paths.ts";
import { shownPage } from "./respond.ts";
import { answerTo, resultsOf, searchPage } from "./search.ts";

const cursor = z.coerce.number().int().min(0).catch(0);

/** The search, its results alone, and what completes a query. */
export function addSearch(app: App, { admin, clock }: ConsoleDeps): void {
  const ask = (context: Context<Env>, asked: Asked) =>
    answerTo({ admin, now: clock.now() }, context.var.viewing.viewer, asked);
  app.get("/", async (context) => {
    const asked = askedIn(context);
    const answer = await ask(context, asked);
    if (answer.kind === "link") return context.redirect(explainPath(asked.q.trim()), 303);
    return shownPage(context, searchPage(answer, asked), answer.kind === "wrong" ? 422 : 200);
  });
  app.get("/results", async (context) => {
    const asked = askedIn(context);
    const answer = await ask(context, asked);
    // The query is wrong while it is being typed: that is no failure of the request.
    context.header("x-found", answer.kind);
    return context.html(resultsOf(answer, asked));
  });
  app.get("/complete", async (context) => {
    const text = context.req.query("q") ?? "";
    const at = cursor.parse(context.req.query("at"));
    return context.json(await completionFor(admin, context.var.viewing.viewer, { text, cursor: at }));
  });
}

function askedIn({ req }: Context): Asked {
  const after = req.query("after");
  return {
    q: req.query("q") ?? "",
    show: req.query("show") === "turns" ? "turns" : "conversations",
    ...(after !== undefined && after !== "" && { after }),
  };
}
