import { type CommandsDeps, createCommands } from "./commands.ts";
import type { SlackDeeds, SlackTwinOptions } from "./contract.ts";
import { createPresses } from "./presses.ts";
import { createResponseUrls, type ResponseUrls } from "./response-urls.ts";

export interface Interactions extends Pick<ResponseUrls, "respond"> {
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
  return { face, respond: urls.respond };
}
