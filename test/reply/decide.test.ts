import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnswerRules, type ChannelMode, decide, trace } from "../../src/reply/decide.ts";
import { stepInWords } from "../../src/reply/reasons.ts";
import { message, type MessageFacts } from "./messages.ts";

const rules = (change: Partial<AnswerRules> = {}): AnswerRules => ({
  dm: true,
  channels: "mentions",
  overrides: new Map(),
  ...change,
});
const off = { takesPart: false };
const in_ = { takesPart: true };
const mention = { mentionsBot: true };
const inThread = { inThread: true };
const dm = { channelKind: "dm" as const };

interface Case {
  readonly name: string;
  readonly of?: MessageFacts;
  readonly under?: Partial<AnswerRules>;
  readonly takesPart?: boolean;
  readonly why: ReturnType<typeof decide>["why"];
}

const answered: Case[] = [
  { name: "a DM", of: { where: dm }, why: "dm" },
  { name: "a DM, whatever channels do", of: { where: dm }, under: { channels: "never" }, why: "dm" },
  { name: "a mention", of: { call: mention }, why: "mention" },
  { name: "a mention without a word", of: { call: mention, text: " " }, why: "mention" },
  { name: "a mention in a thread of others", of: { call: { ...mention, ...inThread } }, why: "mention" },
  {
    name: "a mention of the bot and of others",
    of: { call: { ...mention, mentionsOthers: true } },
    why: "mention",
  },
  {
    name: "a mention in a group DM",
    of: { call: mention, where: { channelKind: "group_dm" } },
    why: "mention",
  },
  { name: "a platform reply to the bot", of: { call: { repliesToBot: true } }, why: "reply_to_bot" },
  { name: "any message where all are meant", under: { channels: "every_message" }, why: "every_message" },
  {
    name: "any message in a channel that is set so",
    under: { overrides: new Map([["C1", "every_message"]]) },
    why: "every_message",
  },
  { name: "a follow-up in its thread", of: { call: inThread }, takesPart: true, why: "own_thread" },
];

const ignored: Case[] = [
  { name: "its own message", of: { author: { kind: "self" }, call: mention, where: dm }, why: "own_message" },
  { name: "another bot", of: { author: { kind: "bot" }, call: mention }, why: "other_bot" },
  { name: "a DM where these are off", of: { where: dm, call: mention }, under: { dm: false }, why: "dm_off" },
  {
    name: "a mention where it is never to answer",
    of: { call: mention },
    under: { channels: "never" },
    why: "channel_off",
  },
  {
    name: "a mention in a channel that is set so",
    of: { call: mention },
    under: { overrides: new Map([["C1", "never"]]) },
    why: "channel_off",
  },
  { name: "a picture in a DM", of: { where: dm, text: "\u200B\n" }, why: "no_text" },
  { name: "a picture in its thread", of: { call: inThread, text: "" }, takesPart: true, why: "no_text" },
  { name: "a picture as a reply to it", of: { call: { repliesToBot: true }, text: "" }, why: "no_text" },
  { name: "talk in a channel", why: "not_addressed" },
  { name: "talk in a channel where it answered before", takesPart: true, why: "not_addressed" },
  { name: "talk in a thread of others", of: { call: inThread }, why: "not_addressed" },
  {
    name: "what is said to others in its thread",
    of: { call: { ...inThread, mentionsOthers: true } },
    takesPart: true,
    why: "for_others",
  },
  {
    name: "talk in a group DM",
    of: { where: { channelKind: "group_dm" } },
    takesPart: true,
    why: "not_addressed",
  },
];

describe("decide", () => {
  test.each(answered)("answers $name", ({ of, under, takesPart = false, why }) => {
    expect(decide(message(of), rules(under), { takesPart })).toEqual({ answer: true, why });
  });

  test.each(ignored)("ignores $name", ({ of, under, takesPart = false, why }) => {
    expect(decide(message(of), rules(under), { takesPart })).toEqual({ answer: false, why });
  });

  const flag = fc.boolean();
  const call = fc.record({
    mentionsBot: flag,
    repliesToBot: flag,
    mentionsOthers: flag,
    inThread: flag,
    startsPlace: flag,
  });
  const facts = fc.record({
    text: fc.constantFrom("", "Hello"),
    author: fc.record({ kind: fc.constantFrom("person", "bot", "self") }),
    call,
    where: fc.record({
      channelId: fc.constantFrom("C1", "C2"),
      channelKind: fc.constantFrom("public", "private", "dm", "group_dm"),
    }),
  });
  const mode = fc.constantFrom<ChannelMode>("mentions", "every_message", "never");
  const anyRules = fc
    .tuple(flag, mode, fc.option(mode, { nil: undefined }))
    .map(([dm, channels, override]) =>
      rules({ dm, channels, ...(override && { overrides: new Map([["C1", override]]) }) }),
    );

  test("never answers a bot, itself, or where it is switched off", () => {
    fc.assert(
      fc.property(facts, anyRules, flag, (facts, rules, takesPart) => {
        const decision = decide(message(facts), rules, { takesPart });
        const { channelId, channelKind } = facts.where;
        const mode = rules.overrides.get(channelId) ?? rules.channels;
        const isOff = channelKind === "dm" ? !rules.dm : mode === "never";
        if (facts.author.kind !== "person" || isOff) expect(decision.answer).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  test("always answers a person's mention where it is not switched off", () => {
    fc.assert(
      fc.property(facts, anyRules, flag, (facts, rules, takesPart) => {
        const { author, call, where } = facts;
        const isOn = (rules.overrides.get(where.channelId) ?? rules.channels) !== "never";
        fc.pre(author.kind === "person" && call.mentionsBot && isOn && where.channelKind !== "dm");
        expect(decide(message(facts), rules, { takesPart })).toEqual({ answer: true, why: "mention" });
      }),
      { numRuns: 300 },
    );
  });

  test("to take part in a place changes nothing but what is said in its thread", () => {
    fc.assert(
      fc.property(facts, anyRules, (facts, rules) => {
        const [before, after] = [off, in_].map((part) => decide(message(facts), rules, part));
        if (after?.why !== "own_thread" && after?.why !== "for_others") expect(after).toEqual(before);
        else expect(before?.why).toBe("not_addressed");
      }),
      { numRuns: 1_000 },
    );
  });

  test("is the first rule of its trace that fits, and none is tried after it", () => {
    fc.assert(
      fc.property(facts, anyRules, flag, (facts, rules, takesPart) => {
        const steps = trace(message(facts), rules, { takesPart });
        const at = steps.findIndex(({ outcome }) => outcome === "decides");
        expect(steps[at]?.decision).toEqual(decide(message(facts), rules, { takesPart }));
        expect(new Set(steps.slice(0, at).map(({ outcome }) => outcome))).toEqual(
          new Set(at === 0 ? [] : ["passes"]),
        );
        expect(steps.slice(at + 1).every(({ outcome }) => outcome === "not_tried")).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("can be told rule by rule in sentences, each of which is another", () => {
    const steps = trace(message({ call: mention }), rules(), off);
    const told = steps.map(stepInWords);
    expect(new Set(told).size).toBe(steps.length);
    expect(told.slice(1, 7)).toEqual([
      "A person sent it.",
      "It is no direct message, or these are switched on (answer.dm).",
      "The channel is not switched off (answer.channels, channels.<id>.answer).",
      "It has text, or mentions the bot.",
      "It is no direct message.",
      "It mentions the bot: the bot answers.",
    ]);
    expect(told[7]).toBe("Not asked any more: it is a reply to a message of the bot.");
    expect(told.at(-1)).toMatch(/^Not asked any more/);
  });
});
