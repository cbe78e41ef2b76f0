import { describe, expect, it } from "vitest";
import { call, postAs, useScenes, type Json } from "./helpers.ts";

const { scene } = useScenes();

/** The mentions that a post of these arguments would have rung. */
async function rung(args: Json): Promise<readonly string[]> {
  const { twin, harbour } = await scene();
  await postAs(twin, { channel: harbour, ...args });
  return twin.notifications.map(({ mention }) => mention);
}

const TOKENS = "<!here> <!channel|c> <!everyone> <!subteam^S1|@x> <@U123>";
const FOUND = ["<!here>", "<!channel|c>", "<!everyone>", "<!subteam^S1|@x>", "<@U123>"];
const section = (text: Json) => ({ type: "section", text });

describe("notifications", () => {
  it.each<[string, Json]>([
    ["text", { text: TOKENS }],
    ["text inside code", { text: `\`\`\`${TOKENS}\`\`\`` }],
    ["text beside blocks", { text: TOKENS, blocks: [{ type: "divider" }] }],
    ["markdown_text", { markdown_text: TOKENS }],
    ["a markdown block", { blocks: [{ type: "markdown", text: TOKENS }] }],
    ["mrkdwn", { blocks: [section({ type: "mrkdwn", text: TOKENS })] }],
    ["verbatim mrkdwn", { blocks: [section({ type: "mrkdwn", text: TOKENS, verbatim: true })] }],
    ["a context", { blocks: [{ type: "context", elements: [{ type: "mrkdwn", text: TOKENS }] }] }],
    ["a field", { blocks: [{ type: "section", fields: [{ type: "mrkdwn", text: TOKENS }] }] }],
    ["an attachment", { attachments: [{ text: TOKENS }] }],
    ["an attachment's block", { attachments: [{ blocks: [{ type: "markdown", text: TOKENS }] }] }],
  ])("ring for tokens in %s", async (_place, args) => {
    expect(await rung(args)).toEqual(FOUND);
  });

  it("ring for tokens with a sign in them that is not seen", async () => {
    expect(await rung({ text: "<!he\u200bre>" })).toEqual(["<!here>"]);
  });

  it("ring for rich text's own mentions", async () => {
    const elements = [
      { type: "user", user_id: "U123" },
      { type: "usergroup", usergroup_id: "S1" },
      { type: "broadcast", range: "here" },
      { type: "text", text: "<!channel>" },
    ];
    const block = { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
    expect(await rung({ blocks: [block] })).toEqual(["<@U123>", "<!subteam^S1>", "<!here>"]);
  });

  it.each<[string, Json]>([
    ["escaped", { text: "&lt;!here&gt; &lt;@U123&gt;" }],
    ["broken", { text: "< !here> <! here>" }],
    ["plain_text", { blocks: [section({ type: "plain_text", text: TOKENS })] }],
    ["bare names", { text: "@here @channel @everyone", parse: "none" }],
    [
      "bare names in verbatim mrkdwn",
      { blocks: [section({ type: "mrkdwn", text: "@here", verbatim: true })] },
    ],
    ["bare names in Markdown", { blocks: [{ type: "markdown", text: "@here" }] }],
    ["channels and links", { text: "<#C123|x> <https://a.b|@here> <!date^1^{date}|x>" }],
  ])("do not ring for %s", async (_form, args) => {
    expect(await rung(args)).toEqual([]);
  });

  it.each<[string, Json]>([
    ["parse: full", { text: "@here and a@here.com", parse: "full" }],
    ["link_names", { text: "@here", link_names: true }],
    ["mrkdwn that is not verbatim", { blocks: [section({ type: "mrkdwn", text: "@here" })] }],
  ])("ring for bare names with %s", async (_mode, args) => {
    expect(await rung(args)).toEqual(["@here"]);
  });

  it("ring on edits too, where bare names count unless parse is none", async () => {
    const { twin, harbour } = await scene();
    const ts = await postAs(twin, { channel: harbour, text: "a" });
    await call(twin, "chat.update", { channel: harbour, ts, text: "@here", parse: "none" });
    expect(twin.notifications).toEqual([]);
    await call(twin, "chat.update", { channel: harbour, ts, text: "@here <!channel>" });
    expect(twin.notifications).toEqual([
      { channel: harbour, ts, via: "chat.update", mention: "<!channel>" },
      { channel: harbour, ts, via: "chat.update", mention: "@here" },
    ]);
  });

  it("count the bot's messages alone", async () => {
    const { twin, harbour, ann } = await scene();
    twin.say({ channel: harbour, user: ann, text: "@here https://a.b" });
    expect([...twin.notifications, ...twin.unfurls]).toEqual([]);
  });
});

describe("unfurls", () => {
  it("happen unless both kinds were refused, also for what an edit brings", async () => {
    const { twin, harbour } = await scene();
    const post = (args: Json) => postAs(twin, { channel: harbour, text: "see https://a.b/c", ...args });
    const quiet = await post({ unfurl_links: false, unfurl_media: false });
    await call(twin, "chat.update", { channel: harbour, ts: quiet, text: "see https://a.b/d" });
    expect(twin.unfurls).toEqual([]);
    await post({ unfurl_links: false });
    await post({ unfurl_media: false });
    const ts = await post({ text: "no link" });
    const blocks = [
      { type: "markdown", text: '[x](https://a.b/e)\n"https://a.b/f"' },
      { type: "image", image_url: "https://a.b/g.png", alt_text: "g", title: null },
    ];
    await call(twin, "chat.update", { channel: harbour, ts, blocks });
    expect(twin.unfurls.map(({ url, via }) => [url, via])).toEqual([
      ["https://a.b/c", "chat.postMessage"],
      ["https://a.b/c", "chat.postMessage"],
      ["https://a.b/e", "chat.update"],
      ["https://a.b/f", "chat.update"],
    ]);
  });
});
