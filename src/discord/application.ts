import { ApplicationFlags, RequestMethod, Routes } from "discord.js";
import type { Calls } from "./calls.ts";

/** Who the bot is to Discord. */
export interface Application {
  readonly id: string;
  /** The bot's user: another number, for applications from before 2016. */
  readonly userId: string;
  /** It may ask for the message content intent. */
  readonly mayReadContent: boolean;
}

/** Also the first proof that the token is valid. Throws `PlatformRefusal`. */
export async function fetchApplication(calls: Calls, signal: AbortSignal): Promise<Application> {
  const request = { method: RequestMethod.Get, fullRoute: Routes.currentApplication() };
  const {
    id,
    flags = 0,
    bot,
  } = (await calls.request(request, signal)) as {
    id: string;
    flags?: number;
    bot?: { id: string };
  };
  const granted = ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited;
  return { id, userId: bot?.id ?? id, mayReadContent: (flags & granted) !== 0 };
}
