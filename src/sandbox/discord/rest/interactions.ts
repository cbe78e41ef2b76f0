import { ANSWER_WITHIN_MS, whisper } from "../deeds/presses.ts";
import { createForm } from "../form.ts";
import type { Json } from "../json/people.ts";
import { Refusal } from "../refusal.ts";
import { NO_CONTENT, ok, readBody, type Answer, type Call, type Route } from "./call.ts";
import { editForm, postForm } from "./message-form.ts";

/** Discord, Receiving and Responding, Interaction Callback Type: those that the twin plays. */
const CALLBACK = { message: 4, deferred: 5, deferredUpdate: 6 } as const;
/** Discord, Message Flags. */
const EPHEMERAL = 1 << 6;
/** The token in the path is all that is asked for (Discord, Receiving and Responding). */
export const interactionRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/interactions/:interaction/:token/callback",
    rate: "route",
    handle: acknowledge,
  },
  {
    method: "PATCH",
    path: "/webhooks/:application/:token/messages/@original",
    rate: "route",
    handle: answer,
  },
];

/** Discord, Receiving and Responding: how long an interaction's token is good for what follows. */
const TOKEN_MS = 15 * 60_000;

/** Discord, Edit Original Interaction Response: of a promised answer it is what the person gets to read. */
async function answer(call: Call): Promise<Answer> {
  const { core, params } = call;
  const { world } = core;
  const known = [...world.interactions.values()].find(({ token }) => token === params["token"]);
  if (!known || params["application"] !== world.applicationId) throw new Refusal(10015);
  if (world.now() - known.createdAt > TOKEN_MS) throw new Refusal(50027);
  if (known.state !== "acknowledged") throw new Refusal(10015);
  if (!known.promised) throw new Error("The Discord twin edits private answers that were promised alone.");
  const { content = "", allowed } = editForm(await readBody(call));
  if (content === "") throw new Refusal(50006);
  return ok(whisper(core, known, { content, allowed }));
}

/** Discord, Create Interaction Response. Only private messages are played, and that nothing is to be shown. */
async function acknowledge(call: Call): Promise<Answer> {
  const { core, params } = call;
  const interaction = core.world.interactions.get(params["interaction"] ?? "");
  const known = interaction?.token === params["token"] ? interaction : undefined;
  if (!known || core.world.now() - known.createdAt > ANSWER_WITHIN_MS) throw new Refusal(10062);
  if (known.state === "acknowledged") throw new Refusal(40060);
  const { json } = await readBody(call);
  const form = createForm();
  const type = form.choice(json, "type", [1, 4, 5, 6, 7, 8, 9, 12]);
  if (type === undefined) form.fail("type", "BASE_TYPE_REQUIRED", "This field is required");
  form.settle();
  if (type === CALLBACK.message) {
    const data = (json["data"] ?? {}) as Json;
    const { content = "", allowed } = postForm({ json: data, files: [] });
    if (content === "") throw new Refusal(50006);
    if ((Number(data["flags"] ?? 0) & EPHEMERAL) === 0)
      throw new Error("The Discord twin plays private answers to an interaction alone.");
    whisper(core, known, { content, allowed });
  } else if (type === CALLBACK.deferred) {
    const data = (json["data"] ?? {}) as Json;
    if ((Number(data["flags"] ?? 0) & EPHEMERAL) === 0)
      throw new Error("The Discord twin plays private answers to an interaction alone.");
    known.promised = true;
  } else if (type !== CALLBACK.deferredUpdate) {
    throw new Error(`The Discord twin does not play interaction callbacks of type ${type}.`);
  }
  known.acknowledge();
  return NO_CONTENT;
}
