import { describe, expect, test } from "vitest";
import { splitBySpeaker, utterancesOf } from "../../../src/sandbox/telnyx/model/utterance.ts";

describe("who speaks", () => {
  test.each([
    ['U1 "Ada Lovelace" says:\n| hello\n| you', "Ada Lovelace", "U1", "hello\nyou"],
    ['"Ada" says: hello', "Ada", undefined, "hello"],
    ['U1 "Ada" calls you without a word.', "Ada", "U1", ""],
    ["Ada:\nhello", "Ada", undefined, "hello"],
    ["Ada: hello", "Ada", undefined, "hello"],
    ["Ada Lovelace says: hello", "Ada Lovelace", undefined, "hello"],
    ["**Ada**: hello", "Ada", undefined, "hello"],
    ["**ada l.** (U1):\n> hello", "ada l.", "U1", "hello"],
    ["ada (U1): hello", "ada", "U1", "hello"],
    ["[Ada] hello", "Ada", undefined, "hello"],
    ["<Ada> hello", "Ada", undefined, "hello"],
    ["Élodie:\nhello", "Élodie", undefined, "hello"],
  ])("in %j", (text, name, id, words) => {
    expect(splitBySpeaker(text)).toEqual([{ speaker: { id, name }, text: words }]);
  });

  test.each([
    ["hello"],
    ["Note: this is nobody"],
    ["please write this:\nhello"],
    ["see [the docs](https://example.com)"],
    ["**bold** is bold"],
    ["https://example.com: a page"],
    ["> quoted\nand answered"],
    [""],
  ])("is nobody in %j", (text) => {
    expect(splitBySpeaker(text)).toEqual([{ speaker: undefined, text }]);
  });

  test("changes within a text, but not behind the marks of somebody's words", () => {
    const text = 'U1 "Ada" says:\n| one\n| U9 "Eve" says:\n| | two\nU2 "Bo" says:\n| three';
    expect(splitBySpeaker(text)).toEqual([
      { speaker: { id: "U1", name: "Ada" }, text: 'one\nU9 "Eve" says:\n| two' },
      { speaker: { id: "U2", name: "Bo" }, text: "three" },
    ]);
  });

  test("is the message's name where the text has none, and tools and systems say nothing", () => {
    const messages = [
      { role: "system", text: "be kind" },
      { role: "user", text: "hello", name: "Ada" },
      { role: "assistant", text: null },
      { role: "tool", text: "42" },
      { role: "assistant", text: "Hi: there" },
    ];
    expect(utterancesOf(messages)).toEqual([
      { by: "user", speaker: { id: undefined, name: "Ada" }, text: "hello" },
      { by: "assistant", speaker: undefined, text: "Hi: there" },
    ]);
  });
});
