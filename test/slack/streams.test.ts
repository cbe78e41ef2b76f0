import { describe, expect, test } from "vitest";
import { onMethod, slackError, tooManyRequests } from "../../src/sandbox/slack/faults.ts";
import { withoutBreaks } from "../../src/slack/format.ts";
import { decodePlace } from "../../src/slack/place.ts";
import { final, postKey, refusal } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { fakeClock } from "../fakes/clock.ts";
import { answer, asker, growing, over, stage } from "./stream-kit.ts";

describe("a reply in a direct message", () => {
  test("grows by what is appended, and ends with its whole text and its mark", async () => {
    const { twin, slack, place, methods, shown } = await stage();
    const id = await slack.post(place, growing("It is **for"), answer(twin, place));
    await slack.edit(place, id, growing("It is **forty** metres"));
    expect(shown()).toEqual([{ text: "It is **forty** metres", isStreaming: true }]);
    await slack.edit(place, id, final("It is **forty** metres deep."));
    expect(shown()).toEqual(over("It is **forty** metres deep."));
    expect(methods()).toEqual(["chat.startStream", "chat.appendStream", "chat.stopStream"]);
    const { threadTs, channel } = decodePlace(place);
    const [, message] = twin.messages(channel, threadTs);
    expect(message).toMatchObject({ edited: false, metadata: { event_payload: { key: "contract-1-0" } } });
    expect(twin.session(channel, threadTs!)?.status).toBe("active");
  });

  test("counts each paint where Slack counts it, and nothing that shows nothing new", async () => {
    const { twin, slack, place } = await stage();
    expect(slack.countsAs!(place, growing("One"))).toBe("start");
    expect(slack.countsAs!(place, final("One"))).toBe("post");
    const id = await slack.post(place, growing("One"), answer(twin, place));
    expect(slack.countsAs!(place, growing("One two"), id)).toBe("append");
    expect(slack.countsAs!(place, growing("One <@U1"), id)).toBe("append");
    await slack.edit(place, id, growing("One <@U1"));
    expect(slack.countsAs!(place, growing("One <@U12"), id)).toBeUndefined();
    expect(slack.countsAs!(place, final("Two."), id)).toBe("edit");
    expect(slack.countsAs!(place, final("One <@U12"), id)).toBe("stop");
  });

  test("that turns out otherwise than it was sent is edited in the same message", async () => {
    const { twin, slack, place, shown } = await stage();
    const id = await slack.post(place, growing("One two three"), answer(twin, place));
    await slack.edit(place, id, final("One"));
    expect(shown()).toEqual(over("One"));
  });

  test("notifies nobody, however a mention is split", async () => {
    const { twin, slack, place, shown } = await stage();
    const text = "Hi <!channel> and `<@U012ABC>` <!subteam^S1|x> <#C012ABC> bye";
    const id = await slack.post(place, growing("Hi"), answer(twin, place));
    for (let length = 3; length <= text.length; length += 1)
      await slack.edit(place, id, growing(text.slice(0, length)));
    await slack.edit(place, id, final(text));
    expect(twin.notifications).toEqual([]);
    expect(withoutBreaks(shown()[0]!.text)).toBe(text);
  });

  test("is stopped by Slack's own button, whoever hears of it", async () => {
    const { twin, slack, place, pressed, shown } = await stage();
    const { channel, threadTs } = decodePlace(place);
    const id = await slack.post(place, growing("One"), answer(twin, place));
    twin.stopSession(channel, threadTs!, asker(twin));
    await until("it was told", () => pressed.length === 1);
    expect(pressed[0]).toMatchObject({ place, action: "stop", by: { id: asker(twin) } });
    await slack.edit(place, id, growing("One two"));
    expect(pressed[1]).toMatchObject({ place, action: "stop", turn: 1 });
    await slack.edit(place, id, final("One two _I was stopped._"));
    expect(shown()).toEqual(over("One two _I was stopped._"));
    expect(twin.session(channel, threadTs!)?.status).toBe("active");
  });
});

describe("after trouble", () => {
  test.each(["swallow", "cut"] as const)(
    "an append whose answer is lost (%s) ends as an edit",
    async (kind) => {
      const { twin, slack, place, shown } = await stage();
      const id = await slack.post(place, growing("One"), answer(twin, place));
      twin.inject({ matches: onMethod("chat.appendStream"), times: 1, effect: { kind } });
      expect((await refusal(slack.edit(place, id, growing("One two")))).kind).toBe("unavailable");
      await slack.edit(place, id, growing("One two three"));
      expect(shown()).toEqual(over("One two three …"));
      await slack.edit(place, id, final("One two three."));
      expect(shown()).toEqual(over("One two three."));
    },
  );

  test("a start whose answer is lost is found, and its message goes on", async () => {
    const { twin, slack, place, shown } = await stage();
    twin.inject({ matches: onMethod("chat.startStream"), times: 1, effect: { kind: "swallow" } });
    const key = answer(twin, place);
    expect((await refusal(slack.post(place, growing("One"), key))).kind).toBe("unavailable");
    const id = await slack.post(place, growing("One two"), key);
    await slack.edit(place, id, final("One two three."));
    expect(shown()).toEqual(over("One two three."));
  });

  test("the next process ends the stream of a dead one, and goes on in its message", async () => {
    const { twin, slack, place, shown, connect } = await stage();
    const key = answer(twin, place);
    const id = await slack.post(place, growing("One"), key);
    const next = await connect();
    expect(await next.post(place, growing("One"), { ...key, repeated: true })).toBe(id);
    await next.edit(place, id, growing("One two"));
    expect(shown()).toEqual(over("One two …"));
    await next.edit(place, id, final("One two three."));
    expect(shown()).toEqual(over("One two three."));
    // What has ended is taken for no other page's.
    const other = { ...postKey(1), after: key.after, repeated: true };
    expect(await next.post(place, final("Another"), other)).not.toBe(id);
  });

  test("a stream that nobody ended in time goes on by edits too, and is taken for no other page's", async () => {
    const clock = fakeClock();
    const { twin, slack, place, shown, connect } = await stage({}, { clock });
    const key = answer(twin, place);
    const id = await slack.post(place, growing("One"), key);
    await clock.advance(300_000);
    const next = await connect();
    await next.edit(place, id, final("One two."));
    expect(shown()).toEqual(over("One two."));
    const other = { ...postKey(1), after: key.after, repeated: true };
    expect(await next.post(place, final("Another"), other)).not.toBe(id);
  });

  test("a stream that Slack has ended goes on by edits; a message that is gone says so", async () => {
    const { twin, slack, place, shown } = await stage();
    const id = await slack.post(place, growing("One"), answer(twin, place));
    const effect = slackError("message_not_in_streaming_state");
    twin.inject({ matches: onMethod("chat.appendStream"), times: 1, effect });
    await slack.edit(place, id, growing("One two"));
    expect(shown()).toEqual(over("One two …"));
    const second = await slack.post(place, growing("One"), { ...answer(twin, place), ...postKey(1) });
    twin.delete(decodePlace(place).channel, second);
    expect((await refusal(slack.edit(place, second, growing("One two")))).kind).toBe("gone");
  });

  test("a 429 leaves the stream as it was", async () => {
    const { twin, slack, place, methods } = await stage();
    const id = await slack.post(place, growing("One"), answer(twin, place));
    twin.inject({ matches: onMethod("chat.appendStream"), times: 1, effect: tooManyRequests(2) });
    expect((await refusal(slack.edit(place, id, growing("One two")))).kind).toBe("rate_limited");
    await slack.edit(place, id, final("One two."));
    expect(methods().at(-1)).toBe("chat.stopStream");
  });
});

describe("what cannot be streamed is posted and edited", () => {
  test.each([
    ["unknown_method", true],
    ["missing_scope", true],
    ["not_allowed_token_type", true],
    ["method_not_supported_for_channel_type", true],
    ["channel_type_not_supported", true],
    ["invalid_thread_ts", false],
  ])("where Slack refuses (%s), which is remembered: %s", async (code, isRemembered) => {
    const { twin, slack, place, shown } = await stage();
    twin.inject({ matches: onMethod("chat.startStream"), times: 1, effect: slackError(code) });
    const id = await slack.post(place, growing("One"), answer(twin, place));
    await slack.edit(place, id, final("One two."));
    expect(shown()).toEqual(over("One two."));
    // Nobody could stop anything there any more.
    const { channel, threadTs } = decodePlace(place);
    expect(twin.session(channel, threadTs!)?.status).toBe("active");
    await slack.post(place, growing("Next"), { ...answer(twin, place), ...postKey(0, { turn: 2 }) });
    const starts = twin.requests.filter(({ path }) => path.endsWith("chat.startStream"));
    expect(starts).toHaveLength(isRemembered ? 1 : 2);
  });

  test("where nobody could stop it: no agent, or no event", async () => {
    for (const options of [{ scopes: ["chat:write", "im:history"] }, { events: ["message.im"] }]) {
      const { twin, slack, place, methods } = await stage({}, options);
      await slack.post(place, growing("One"), answer(twin, place));
      expect(methods()).toEqual(["chat.postMessage"]);
      const { channel, threadTs } = decodePlace(place);
      expect(twin.session(channel, threadTs!)?.status).not.toBe("processing");
    }
  });

  test("beyond twenty streams a minute", async () => {
    const { twin, slack, place, methods } = await stage({}, { limits: "documented" });
    const keys = Array.from({ length: 21 }, (_, turn) => ({
      ...answer(twin, place),
      ...postKey(0, { turn }),
    }));
    for (const key of keys.slice(0, 10)) {
      const id = await slack.post(place, growing("One"), key);
      await slack.edit(place, id, final("One."));
    }
    expect(methods().filter((method) => method === "chat.startStream")).toHaveLength(10);
    twin.inject({ matches: onMethod("chat.startStream"), times: 1, effect: tooManyRequests(30) });
    await slack.post(place, growing("One"), keys[10]!);
    expect(methods().at(-1)).toBe("chat.postMessage");
    await slack.post(place, growing("One"), keys[11]!);
    expect(methods().slice(-2)).toEqual(["chat.postMessage", "chat.postMessage"]);
  });

  test("as the setting says", async () => {
    const kinds = async (streaming: "auto" | "native" | "edit", inChannel: boolean) => {
      const { twin, slack, place, methods } = await stage({ streaming }, {}, inChannel);
      await slack.post(place, growing("One"), answer(twin, place));
      return methods();
    };
    expect(await kinds("edit", false)).toEqual(["chat.postMessage"]);
    expect(await kinds("auto", true)).toEqual(["chat.postMessage"]);
    expect(await kinds("native", true)).toEqual(["chat.startStream"]);
  });
});

describe("the agent's direct message", () => {
  test("suggests what can be asked when it is opened", async () => {
    const prompts = [{ title: "Hello", message: "Say hello" }];
    const { twin, place } = await stage({ prompts });
    twin.openHome(asker(twin), "messages");
    const { channel } = decodePlace(place);
    await until("it suggests", () => twin.prompts(channel).length > 0);
    expect(twin.prompts(channel)).toEqual(prompts);
  });

  test("gives a thread its title, by what was asked first", async () => {
    const { twin, place } = await stage();
    const { channel } = decodePlace(place);
    // Not the stage's own question: nobody is connected yet when it is asked, and Slack repeats it a minute later.
    const threadTs = twin.say({ channel, user: asker(twin), text: "How **deep** is it?" });
    await until("it has a title", () => twin.session(channel, threadTs)?.title === "How deep is it?");
  });
});
