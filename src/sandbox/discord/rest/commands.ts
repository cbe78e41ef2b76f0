import { createForm } from "../form.ts";
import type { Json } from "../json/people.ts";
import { Refusal } from "../refusal.ts";
import { ok, readBody, type Answer, type Call, type Route } from "./call.ts";

/** Discord, Application Commands: names of chat input commands, and the lengths of descriptions. */
const NAME = /^[-_\p{Ll}\p{N}]{1,32}$/u;
const MOST_OPTIONS = 25;

/** The application's global commands. */
export const commandRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/applications/:application/commands",
    rate: "route",
    handle: (call) => {
      demandOwn(call);
      return ok([...call.core.world.commands.values()]);
    },
  },
  { method: "POST", path: "/applications/:application/commands", rate: "route", handle: upsert },
];

function demandOwn({ core, params }: Call): void {
  if (params["application"] !== core.world.applicationId) throw new Refusal(20012);
}

/** Discord, Create Global Application Command: one of the same name is overwritten. */
async function upsert(call: Call): Promise<Answer> {
  demandOwn(call);
  const { world } = call.core;
  const { json } = await readBody(call);
  const form = createForm();
  const name = form.text(json, "name", { min: 1, max: 32, required: true }) ?? "";
  if (!NAME.test(name)) form.fail("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
  form.text(json, "description", { min: 1, max: 100, required: true });
  const options = (json["options"] ?? []) as Json[];
  if (options.length > MOST_OPTIONS)
    form.fail("options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
  for (const [index, option] of options.entries()) {
    const within = form.within(`options.${index}`);
    within.text(option, "name", { min: 1, max: 32, required: true });
    within.text(option, "description", { min: 1, max: 100, required: true });
    within.integer(option, "type", { min: 1, max: 11 });
  }
  form.settle();
  const known = world.commands.get(name);
  const made = {
    id: known?.["id"] ?? world.newId(),
    application_id: world.applicationId,
    version: world.newId(),
    default_member_permissions: null,
    nsfw: false,
    name_localizations: null,
    description_localizations: null,
    type: 1,
    ...json,
  };
  world.commands.set(name, made);
  return { status: known ? 200 : 201, body: made };
}
