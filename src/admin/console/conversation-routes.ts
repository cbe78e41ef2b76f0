import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import type { ConversationKey } from "../../store/archive.ts";
import type { Place } from "../../chat/place.ts";
import type { Shown } from "../admin.ts";
import { conversationPage } from "./conversation.ts";
import { deedLinks, queryOf } from "./deeds.ts";
import type { App, ConsoleDeps, Env } from "./deps.ts";
import { explainPage, linkForm } from "./explain-page.ts";
import { followed } from "./live.ts";
import { NOT_FOUND } from "./refusal.ts";
import { shownPage, shownRefusal } from "./respond.ts";

const number = z.coerce.number().int().min(1).max(2_147_483_647);

/** A conversation, a reply while it is written, and what became of a message. */
export function addConversation(app: App, deps: ConsoleDeps): void {
  const { admin, clock, bot } = deps;
  app.get("/conversations/:place/:generation", async (context) => {
    const generation = number.safeParse(context.req.param("generation"));
    // The store's own string, as a link of ours has it: one that is none finds nothing.
    const place = context.req.param("place") as Place;
    const shown = generation.success && (await partOf(deps, context, { place, generation: generation.data }));
    if (!shown) return shownRefusal(context, NOT_FOUND);
    return shownPage(
      context,
      await conversationPage(
        shown,
        { now: clock.now(), bot },
        deedLinks(context.var.viewing.viewer, queryOf(shown.conversation)),
      ),
    );
  });
  app.get("/live/:turn", (context) => {
    const turn = number.safeParse(context.req.param("turn"));
    return turn.success ? live(deps, context, turn.data) : shownRefusal(context, NOT_FOUND);
  });
  app.get("/explain", async (context) => {
    const link = context.req.query("link")?.trim() ?? "";
    if (link === "") return shownPage(context, linkForm());
    const explanation = await admin.explain(context.var.viewing.viewer, link);
    return shownPage(context, explainPage(explanation, bot));
  });
}

/** The part of the conversation that is asked for. A turn that is not in the first part begins one. */
async function partOf(
  { admin }: ConsoleDeps,
  { req, var: { viewing } }: Context<Env>,
  key: ConversationKey,
): Promise<Shown | undefined> {
  const after = req.query("after");
  const shown = await admin.show(viewing.viewer, key, after === undefined ? {} : { after });
  const from = number.safeParse(req.query("turn"));
  if (!shown || !from.success || shown.next === undefined) return shown;
  if (shown.turns.some(({ id }) => id === from.data)) return shown;
  const later = await admin.show(viewing.viewer, key, { from: from.data });
  return later && later.turns.length > 0 ? later : shown;
}

function live({ admin, clock, bot, viewing }: ConsoleDeps, context: Context<Env>, turn: number) {
  return streamSSE(context, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => gone.abort());
    const following = {
      admin,
      clock,
      bot,
      signal: gone.signal,
      viewing: () => viewing(context),
    };
    for await (const parts of followed(turn, following))
      await stream.writeSSE({ event: "turn", data: parts });
    await stream.writeSSE({ event: "end", data: "" });
  });
}
