import type { App, ConsoleDeps } from "./deps.ts";
import { HEALTH, healthPage, seesHealth } from "./health.ts";
import { ROOT } from "./paths.ts";
import { NOT_FOUND } from "./refusal.ts";
import { shownPage, shownRefusal } from "./respond.ts";

/** How the process is. */
export function addHealth(app: App, { vitals, clock }: ConsoleDeps): void {
  app.get(HEALTH.slice(ROOT.length), (context) =>
    seesHealth(context.var.viewing.viewer)
      ? shownPage(context, healthPage(vitals(), clock.now()))
      : shownRefusal(context, NOT_FOUND),
  );
}
