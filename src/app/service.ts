import type { Admin } from "../admin/admin.ts";
import type { Recorder } from "../admin/audit.ts";
import { createAdmin } from "../admin/create.ts";
import { explain } from "../admin/explaining.ts";
import type { Links } from "../chat/links.ts";
import type { Platform } from "../chat/platform.ts";
import type { Config } from "../config.ts";
import type { AnswerRules } from "../reply/decide.ts";
import type { Opened } from "../store/open.ts";
import type { Telnyx } from "../telnyx/telnyx.ts";
import type { AppDeps } from "./parts.ts";
import { exportingIn, redactingBy } from "./exporting.ts";
import type { Undo } from "./undo.ts";

export interface ServiceDeps extends AppDeps {
  readonly database: Opened;
  readonly recorder: Recorder;
  readonly telnyx: Telnyx;
  readonly rules: AnswerRules;
  readonly platforms: readonly Platform[];
  readonly links: Links;
  readonly undo: Undo;
}

/** What admins ask the running bot, through whatever face. The stop ends what is under way. */
export function openService({ file }: Config, { undo, ...deps }: ServiceDeps): Admin {
  const { database, rules, platforms } = deps;
  const closing = new AbortController();
  undo.push(() => closing.abort(new Error("the bot is stopping")));
  const all = { ...deps, ...database, signal: closing.signal };
  const explaining = { ...all, rules: () => rules, find: finderOn(platforms) };
  return {
    ...createAdmin({ ...all, exporting: exportingIn(database.aside, redactingBy(file)) }, deps.recorder),
    explain: (viewer, link) => explain(explaining, viewer, link),
  };
}

function finderOn(platforms: readonly Platform[]) {
  return async (name: string, link: string) =>
    platforms.find((platform) => platform.name === name)?.find?.(link);
}
