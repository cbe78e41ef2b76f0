import { AUDIT, auditPage, verdictPage } from "./audit-page.ts";
import type { App, ConsoleDeps } from "./deps.ts";
import { ROOT } from "./paths.ts";
import { shownPage } from "./respond.ts";

const PATH = AUDIT.slice(ROOT.length);

/** What was looked at and done, and whether that is as it was written. */
export function addAudit(app: App, { admin, clock }: ConsoleDeps): void {
  app.get(PATH, async (context) => {
    const { req } = context;
    const [who, what, after] = [
      req.query("who")?.trim() ?? "",
      req.query("what")?.trim() ?? "",
      req.query("after"),
    ];
    const found = await admin.audit(context.var.viewing.viewer, {
      ...(who !== "" && { who }),
      ...(what !== "" && { what: what.split(/[\s,]+/) }),
      ...(after !== undefined && { after }),
    });
    return shownPage(context, auditPage(found, { who, what }, clock.now()));
  });
  app.get(`${PATH}/verify`, async (context) =>
    shownPage(context, verdictPage(await admin.verify(context.var.viewing.viewer))),
  );
}
