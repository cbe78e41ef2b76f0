import { hash, type Ask, type Skill } from "./model/ask.ts";
import { lookUp } from "./model/lookup.ts";
import { remember } from "./model/memory.ts";
import { mishap } from "./model/mishap.ts";
import { smalltalk } from "./model/smalltalk.ts";
import { utterancesOf } from "./model/utterance.ts";
import { write } from "./model/writing.ts";
import type { ModelRequest, Piece } from "./script.ts";

/** The first that understands answers; small talk always does. */
const SKILLS: readonly Skill[] = [mishap, lookUp, remember, write, smalltalk];

/**
 * The scripted model: what makes the playground and the demos worth watching without a real one. It answers out of the
 * stored history, writes on request, fails on request, and else talks small. The same conversation gets the same answers.
 */
export function* answerAsModel(request: ModelRequest): Generator<Piece> {
  const past = utterancesOf(request.history);
  const persona = personaOf(request.instructions ?? "");
  const results = request.input.filter(({ role }) => role === "tool");
  const asked = utterancesOf(request.input).filter(({ by }) => by === "user");
  if (results.length > 0)
    yield { kind: "text", text: `The tool says: ${results.map(({ text }) => text ?? "").join("; ")}` };
  if (results.length === 0 && asked.length === 0) yield { kind: "text", text: "I'm listening." };

  for (const [index, { speaker, text }] of asked.entries()) {
    const ask: Ask = {
      text,
      speaker,
      past: [...past, ...asked.slice(0, index)],
      persona,
      seed: hash(text) + past.length,
    };
    if (index > 0 || results.length > 0) yield { kind: "text", text: "\n\n" };
    for (const skill of SKILLS) {
      const pieces = skill(ask);
      if (!pieces) continue;
      yield* pieces;
      break;
    }
  }
}

/** The name that the instructions give: `called "Patch"`, `Your name is Patch`, `You are Patch, …`. */
export function personaOf(instructions: string): string | undefined {
  const quoted = /\b(?:called|named|name is) ["“'](?<name>[^"”'\n]{1,80})["”']/iu.exec(instructions);
  const plain =
    /\b(?:[Yy]ou are|[Yy]ou're|[Yy]our name is|[Yy]ou are called|called) (?<name>\p{Lu}[\p{L}\p{N}_-]*(?: \p{Lu}[\p{L}\p{N}_-]*)?)/u.exec(
      instructions,
    );
  return (quoted ?? plain)?.groups?.["name"];
}
