import { describe, expect, it } from "vitest";
import type { ListedConversation, ListedTurn } from "../../src/admin/admin.ts";
import { EXPORT_FORMATS, formatOf } from "../../src/admin/written.ts";
import type { Place } from "../../src/chat/place.ts";

const where = {
  place: "p" as Place,
  generation: 1,
  platform: "slack",
  workspaceId: "T1",
  channelId: "C1",
  channelKind: "public",
} as const;
const conversation: ListedConversation = {
  ...where,
  channelName: "support *now*",
  threadName: "# Order\n17 <b>",
  startedAt: Date.UTC(2026, 10, 28, 1, 30),
  activeAt: 1,
  startedById: "U1",
  startedByName: "Ada_[x](y)",
  turns: 1,
  open: 0,
  failed: 0,
  tokens: 0,
  formerly: [],
  held: false,
  readable: true,
  link: "https://acme.slack.com/archives/C1/p1",
};
const whole = { begins: true, ends: true } as const;
const turn: ListedTurn = {
  ...where,
  id: 17,
  messageId: "m",
  userId: "U1",
  userName: "=HYPERLINK(1)",
  userNames: [],
  status: "done",
  state: "done",
  usage: { inputTokens: 2, outputTokens: 3 },
  cost: 1_500_000,
  receivedAt: Date.UTC(2026, 10, 28, 1, 30),
  tries: 0,
  pages: [],
  readable: true,
  content: { turn: 17, question: "One\n# two\r\n> three", answer: "```js\nx\n```" },
};

describe("an export", () => {
  it("as Markdown quotes what was said, and takes nothing in a name for Markdown", () => {
    const { head, write } = formatOf("markdown");
    expect(head + write({ conversation, turns: [turn], ...whole })).toBe(`# Conversations

## T1 › \\#support \\*now\\* › \\# Order 17 \\<b\\>

Begun 2026-11-28 01:30 by Ada\\_\\[x\\]\\(y\\). <https://acme.slack.com/archives/C1/p1>

**=HYPERLINK\\(1\\)**, 2026-11-28 01:30:

> One
> # two
> > three

**The bot**:

> \`\`\`js
> x
> \`\`\`
`);
  });

  it("as Markdown says what is not to be read, and how a turn ended that is not done", () => {
    const { write } = formatOf("markdown");
    const { content: _, ...unread } = turn;
    expect(write({ conversation, turns: [unread], ...whole })).toContain("_(not to be read here)_");
    const failed = { ...turn, status: "failed", content: { turn: 17, question: "a" } } as const;
    expect(write({ conversation, turns: [failed], ...whole })).toMatch(
      /\*\*The bot\*\* \(failed\):\n\n_\(no answer\)_\n$/,
    );
  });

  it("as CSV has a row a turn, which no spreadsheet runs", () => {
    const { head, write } = formatOf("csv");
    const [names, row, end] = (head + write({ conversation, turns: [turn], ...whole })).split(/\r\n(?![ >])/);
    expect(names?.split(",")).toHaveLength(23);
    expect(row).toMatch(/^17,2026-11-28T01:30:00.000Z,done,'=HYPERLINK\(1\),5,1.5,,/);
    expect(end).toBe("");
  });

  it("in parts is the same as in one", () => {
    const turns = [1, 2, 3, 4, 5].map((id) => ({ ...turn, id }));
    const parts = [
      { conversation, turns: turns.slice(0, 2), begins: true, ends: false },
      { conversation, turns: turns.slice(2, 3), begins: false, ends: false },
      { conversation, turns: turns.slice(3), begins: false, ends: true },
    ];
    for (const format of EXPORT_FORMATS) {
      const { write } = formatOf(format);
      expect(parts.map(write).join("")).toBe(write({ conversation, turns, ...whole }));
    }
    const { write } = formatOf("jsonl");
    for (const some of [turns, []])
      expect(write({ conversation, turns: some, ...whole })).toBe(
        `${JSON.stringify({ conversation, turns: some })}\n`,
      );
  });
});
