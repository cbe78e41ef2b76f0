import { type CommandsDeps, createCommands } from "./commands.ts";
import type { SlackDeeds, SlackTwinOptions } from "./contract.ts";
import { createPresses } from "./presses.ts";
import { createOpenId, type OpenId } from "./openid.ts";
import { createResponseUrls } from "./response-urls.ts";

export interface Interactions {
  /** Answers requests that are no calls of the Web API with a token of the app's. */
  readonly answer: OpenId["answer"];
  readonly face: Pick<SlackDeeds, "press" | "command">;
}

export interface InteractionsDeps extends Omit<CommandsDeps, "urls" | "names"> {
  readonly options: Pick<SlackTwinOptions, "commands">;
  /** The twin's address. */
  readonly url: () => string;
}

/** What people do with the app itself, and where it answers them. */
export function createInteractions({ options, ...deps }: InteractionsDeps): Interactions {
  const urls = createResponseUrls(deps);
  const names = options.commands ?? ["/patchcord"];
  const face = { ...createPresses({ ...deps, urls }), ...createCommands({ ...deps, urls, names }) };
  const openid = createOpenId(deps.world);
  const answer: OpenId["answer"] = (request, response) => {
    if (!request.path.startsWith("/actions/")) return openid.answer(request, response);
    urls.respond(request, response);
    return true;
  };
  return { face, answer };
}
