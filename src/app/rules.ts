import type { FileConfig } from "../config/file.ts";
import type { AnswerRules } from "../reply/decide.ts";

/** What the file says of which messages are answered. */
export function answerRules({ answer, channels }: FileConfig): AnswerRules {
  const overrides = Object.entries(channels).flatMap(([id, channel]) =>
    channel.answer ? [[id, channel.answer] as const] : [],
  );
  return { ...answer, overrides: new Map(overrides) };
}
