import type { SlackBlock, SlackNotification, SlackUnfurl } from "./types.ts";
import type { Sent, Watchful } from "./web/method.ts";

/** `<!here>`, `<!channel|x>`, `<!everyone>`, `<!subteam^S1>`, `<@U1>`: they ring wherever Slack reads mrkdwn or Markdown, code included. */
const TOKEN = /<(?:!(?:here|channel|everyone|group|subteam\^\w+)|@[UWB]\w+)(?:\|[^>]*)?>/giu;
/** What ParseMode full, link_names and mrkdwn that is not verbatim make a mention of (docs.slack.dev, Formatting message text). */
const BARE = /(?<![\w@<])@(?:here|channel|everyone)\b/giu;
const LINK = /https?:\/\/[^\s<>|)"'`\]]+/gu;

/** A text of the message, and how much of it Slack reads as mentions. */
interface Passage {
  readonly text: string;
  readonly bare: boolean;
}

export interface Records extends Watchful {
  readonly notifications: readonly SlackNotification[];
  readonly unfurls: readonly SlackUnfurl[];
}

/** Notes whom the bot's messages would notify and what they would unfurl, as strictly as Slack's pages can be read. */
export function createRecords(): Records {
  const notifications: SlackNotification[] = [];
  const unfurls: SlackUnfurl[] = [];
  return {
    notifications,
    unfurls,
    look: (sent) => {
      const { channel, ts, via } = sent;
      const mentions = passagesOf(sent).flatMap(mentionsIn);
      const nested = [...sent.blocks, ...sent.attachments].flatMap(richMentions);
      for (const mention of new Set([...mentions, ...nested]))
        notifications.push({ channel, ts, via, mention });
      for (const url of unfurledLinks(sent)) unfurls.push({ channel, ts, via, url });
    },
  };
}

/** In the text as it stands, and as somebody would read it who takes a sign for what it looks like and sees nothing that is not shown. */
function mentionsIn({ text, bare }: Passage): readonly string[] {
  const folded = text.normalize("NFKD").replaceAll(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}\\]/gu, "");
  return [text, folded].flatMap((reading) => [
    ...(reading.match(TOKEN) ?? []),
    ...(bare ? (reading.match(BARE) ?? []) : []),
  ]);
}

function passagesOf(sent: Sent): readonly Passage[] {
  const bare = sent.parse !== "none" || sent.linkNames;
  return [
    { text: sent.text, bare },
    ...sent.blocks.flatMap(textsIn),
    ...sent.attachments.flatMap((attachment) => attachmentTexts(attachment, bare)),
  ];
}

const ATTACHMENT_TEXTS = ["text", "pretext", "title", "footer", "author_name"];

function attachmentTexts(attachment: SlackBlock, bare: boolean): readonly Passage[] {
  const own = ATTACHMENT_TEXTS.map((name) => attachment[name]).filter((text) => typeof text === "string");
  const blocks = Array.isArray(attachment["blocks"]) ? (attachment["blocks"] as SlackBlock[]) : [];
  return [...own.map((text) => ({ text, bare })), ...blocks.flatMap(textsIn)];
}

/** Every mrkdwn and Markdown text in a block. plain_text is not read for mentions. */
function textsIn(value: unknown): readonly Passage[] {
  if (typeof value !== "object" || value === null) return [];
  const { type, text, verbatim } = value as SlackBlock;
  // What a card's texts are read as is documented nowhere.
  if (type === "task_card" || type === "plan")
    return stringsIn(value).map((one) => ({ text: one, bare: false }));
  if (type === "markdown" && typeof text === "string") return [{ text, bare: false }];
  if (type === "mrkdwn" && typeof text === "string") return [{ text, bare: verbatim !== true }];
  return Object.values(value).flatMap(textsIn);
}

/** The mentions of rich_text elements. */
function richMentions(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const { type, user_id, usergroup_id, range } = value as SlackBlock;
  if (type === "user") return [`<@${String(user_id)}>`];
  if (type === "usergroup") return [`<!subteam^${String(usergroup_id)}>`];
  if (type === "broadcast") return [`<!${String(range)}>`];
  return Object.values(value).flatMap(richMentions);
}

function unfurledLinks({ unfurls, text, blocks, attachments }: Sent): readonly string[] {
  if (!unfurls) return [];
  // An image block shows its picture itself.
  const others = blocks.filter((block) => block["type"] !== "image");
  const texts = stringsIn([text, others, attachments]);
  return [...new Set(texts.flatMap((one) => one.match(LINK) ?? []))];
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
