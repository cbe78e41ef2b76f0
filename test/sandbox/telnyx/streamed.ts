import { expect } from "vitest";
import type { StreamFault } from "../../../src/sandbox/telnyx/faults.ts";
import { say } from "../../../src/sandbox/telnyx/script.ts";
import { start, textOf, type Streamed } from "./client.ts";

export const WORDS = "Zwölf Boxkämpfer jagen 👩‍💻 quer über den Deich. 中文也行";

/** What arrives of an answer of `WORDS` with these faults; and what a second, without faults, looks like. */
export async function streamed(faults: readonly StreamFault[], silence = 10_000): Promise<Streamed> {
  const client = await start({ script: say(WORDS) });
  client.twin.injectStream({ faults });
  const result = await client.stream("hi", {}, { silence });
  expect(result.status).toBe(200);
  // The next one is whole again: a fault strikes as often as it was told to.
  const next = await client.stream("hi");
  expect([textOf(next.events), next.events.at(-1)!["type"]]).toEqual([WORDS, "response.completed"]);
  return result;
}

export function typesOf({ events }: Streamed): string[] {
  return events.map(({ type }) => type);
}

/** All the text and the terminal event arrived, whatever came between. */
export function expectWhole(result: Streamed): void {
  expect(textOf(result.events)).toBe(WORDS);
  expect(typesOf(result).at(-1)).toBe("response.completed");
  expect(result.end).toBe("end");
}
