import type { DiscordTwin } from "./driver.ts";
import type { DiscordTwinOptions } from "./options.ts";

/** Starts a Discord on loopback. */
export async function startDiscordTwin(options: DiscordTwinOptions = {}): Promise<DiscordTwin> {
  throw new Error(`The twin of ${options.botName ?? "a bot"} is being built.`);
}
