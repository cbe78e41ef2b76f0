import { userInfo } from "node:os";
import type { TokenDesk } from "../../admin/access/tokens.ts";
import { createRecorder } from "../../admin/audit.ts";
import { explain } from "../../admin/explaining.ts";
import { exportedText } from "../../admin/exporting.ts";
import { createRedactor } from "../../admin/redact.ts";
import { type AdminDeps, createAdmin } from "../../admin/create.ts";
import { operator, type Viewer } from "../../admin/viewer.ts";
import { answerRules } from "../../app/rules.ts";
import { redactingBy } from "../../app/exporting.ts";
import { systemClock } from "../../clock.ts";
import { environmentSchema, presentOnly } from "../../config/environment.ts";
import { ConfigError } from "../../errors.ts";
import { createLog } from "../../log.ts";
import { openBeside } from "../../store/beside.ts";
import type { Telnyx } from "../../telnyx/telnyx.ts";
import { loadBehaviour, type Variables } from "../load.ts";
import { linksBeside } from "../sandbox-links.ts";
import { telnyxFor } from "../telnyx.ts";
import type { Looks, OpenSession } from "./commands.ts";
import type { Terminal } from "./output.ts";

/** Opens the database beside the bot, for whoever may read its file or knows its password: that is the operator. Throws `ConfigError`, and what `openBeside` rejects with. */
export async function openSession(
  environment: Variables,
  to: Terminal,
): Promise<
  OpenSession<Looks | "names" | "forget" | "hold" | "explain" | "audit" | "verify" | keyof TokenDesk>
> {
  // SQLite keeps files beside the database, with what people wrote: those that are made are for this user alone.
  process.umask(0o077);
  const log = createLog("silent");
  const clock = systemClock;
  const links = await linksBeside(environment);
  const { archive, audit, erasure, tokens, store, close } = await openBeside({
    url: databaseUrl(environment),
    log,
    clock,
  });
  const ending = new AbortController();
  const redactor = whenNeeded(() => createRedactor(redactingBy(loadBehaviour(environment))));
  const telnyx = whenNeeded(() => telnyxFor(environment));
  const recorder = createRecorder({ audit, clock });
  const rules = () => answerRules(loadBehaviour(environment));
  const deps = { archive, audit, erasure, tokens, store, clock, links, recorder };
  const admin = {
    explain: (viewer: Viewer, link: string) => explain({ ...deps, rules }, viewer, link),
  };
  return {
    to,
    viewer: whoRunsThis(),
    admin: Object.assign(
      admin,
      createAdmin(
        {
          ...deps,
          telnyx: askedLater(() => telnyx.get()),
          exporting: (what) =>
            exportedText({ ...deps, redactor: { of: (...of) => redactor.get().of(...of) } }, what),
          signal: ending.signal,
        },
        recorder,
      ),
    ),
    close: async () => {
      ending.abort(new Error("the command has ended"));
      await telnyx.made?.close();
      await close();
    },
  };
}

function databaseUrl(environment: Variables): string {
  const url = environmentSchema.shape.DATABASE_URL.safeParse(presentOnly(environment)["DATABASE_URL"]);
  if (url.success) return url.data;
  throw new ConfigError(url.error.issues.map(({ message }) => `DATABASE_URL ${message}`));
}

/** Telnyx, made with the first call. */
function askedLater(get: () => Telnyx): AdminDeps["telnyx"] {
  return {
    listConversations: (...args) => get().listConversations(...args),
    getConversation: (...args) => get().getConversation(...args),
    getMessages: (...args) => get().getMessages(...args),
    updateConversation: (...args) => get().updateConversation(...args),
    deleteConversation: async (...args) => get().deleteConversation(...args),
  };
}

/** Made with the first call of `get`: most commands need no key of Telnyx, and no file. */
function whenNeeded<Thing>(make: () => Thing): { readonly made: Thing | undefined; get(): Thing } {
  let made: Thing | undefined;
  return {
    get made() {
      return made;
    },
    get: () => (made ??= make()),
  };
}

function whoRunsThis(): Viewer {
  const name = userName();
  return operator({ id: `cli:${name}`, name, via: "cli" });
}

/** Containers run as users who have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? "unknown"}`;
  }
}
