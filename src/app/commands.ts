import { type Access, personId } from "../admin/access/people.ts";
import { called, excerptOf } from "../admin/called.ts";
import type { Admin, ListedConversation, ListedTurn } from "../admin/admin.ts";
import type { Forgotten } from "../admin/forget.ts";
import { personIn } from "../admin/forgetting.ts";
import { QueryError } from "../admin/query/error.ts";
import { shortened } from "../admin/shortened.ts";
import type { Viewer } from "../admin/viewer.ts";
import type { CommandHandler } from "../bridge/commands.ts";
import type { Command, PrivateAnswer } from "../chat/command.ts";

/** More lines than a page of a platform holds. */
const LISTED = 50;
/** Characters of a question, and of a name. */
const SHOWN = 80;
/** Behind `forget me`: the person means it. */
const MEANT = "now";

const NOTHING_GRANTED =
  "You may not see conversations here. Whoever runs this bot can grant it to you (`admin.grants`); `my data` shows what is kept of you.";
/** Of what was only heard the database has neither the words nor who said them, and of what was adopted nothing was heard here. */
const ELSEWHERE =
  "What you said in conversations of others without asking me, and what was said in those that I took over from Telnyx, is not in this: I keep no note of whose that is. It can be at Telnyx; whoever runs this bot can have such a conversation forgotten whole.";
const NOTHING_KEPT = `Nothing that you asked me is kept. ${ELSEWHERE}`;

/** What is asked of the bot by command: by whom something was granted, about conversations; by everybody, about what is kept of them. */
export function commandsFor(
  admin: Pick<Admin, "conversations" | "turns" | "usage" | "forget">,
  access: Pick<Access, "commanding">,
): readonly CommandHandler[] {
  return [
    {
      name: "conversations",
      takes: "<query>",
      does: "finds conversations that you may see, such as `channel:support after:7d`",
      run: async (command, query) => {
        const viewer = await access.commanding(command);
        if (!viewer) return { text: NOTHING_GRANTED };
        return orProblem(() => found(admin, viewer, query));
      },
    },
    {
      name: "my data",
      does: "shows what is kept of what you asked",
      run: (command) => kept(admin, themselves(command)),
    },
    {
      name: "forget me",
      does: "has what you asked, and the answers, forgotten",
      run: (command, rest) =>
        rest.trim().toLowerCase() === MEANT ? forgotten(admin, command) : wouldForget(admin, command),
    },
  ];
}

/** Somebody as far as what they asked themselves goes. */
function themselves({ platform, workspaceId, by }: Command): Viewer {
  const id = personId(platform, by.id, workspaceId);
  return {
    id,
    name: by.name,
    via: "chat",
    grants: [{ where: personIn(id).turns, reads: "content", private: true }],
    rights: new Set(["read", "forget"]),
  };
}

/** A query that is not right is answered with what is wrong about it. */
async function orProblem(work: () => Promise<PrivateAnswer>): Promise<PrivateAnswer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof QueryError) return { text: plain(error.message) };
    throw error;
  }
}

async function found(
  admin: Pick<Admin, "conversations">,
  viewer: Viewer,
  query: string,
): Promise<PrivateAnswer> {
  const { rows, next } = await admin.conversations(viewer, { query, limit: LISTED });
  if (rows.length === 0) return { text: "No conversation that you may see is so." };
  const count =
    next === undefined ? counted(rows.length, "conversation") : `More than ${LISTED} conversations`;
  return { text: `${count}, the newest first unless you sort them:`, items: rows.map(conversationLine) };
}

function conversationLine(row: ListedConversation): string {
  const { startedByName, activeAt, turns, failed, link } = row;
  const ended = failed === 0 ? "" : `, ${failed} failed`;
  return `- ${linked(called(row), link)}: ${counted(turns, "turn")}${ended}, begun by ${shown(startedByName)}, last ${dayOf(activeAt)}`;
}

async function kept(admin: Pick<Admin, "turns" | "usage">, viewer: Viewer): Promise<PrivateAnswer> {
  const { total } = await admin.usage(viewer, { query: "-status:forgotten" });
  if (total.turns === 0) return { text: NOTHING_KEPT };
  const { rows } = await admin.turns(viewer, { query: "-status:forgotten sort:-active", limit: LISTED });
  return {
    text: `Of you ${counted(total.turns, "question")} in ${counted(total.conversations, "conversation")} and the answers to them are kept, here and at Telnyx. \`forget me\` has them forgotten. ${ELSEWHERE} The newest:`,
    items: rows.map(questionLine),
    total: total.turns,
  };
}

function questionLine({ receivedAt, content, link }: ListedTurn): string {
  return `- ${dayOf(receivedAt)}: ${linked(excerptOf(content?.question ?? "") ?? "a question without words", link)}`;
}

async function wouldForget(admin: Pick<Admin, "forget">, command: Command): Promise<PrivateAnswer> {
  const lines = await forgetting(admin, command, true);
  const would = lines.filter(({ local }) => local === "would_be");
  if (lines.length === 0) return { text: NOTHING_KEPT };
  const turns = would.reduce((sum, line) => sum + line.turns, 0);
  const text = `This would forget ${counted(turns, "question")} of yours and the answers, in ${counted(would.length, "conversation")}, for good; at Telnyx such a conversation is deleted whole. ${heldOf(lines)}${ELSEWHERE} If you mean it: \`forget me ${MEANT}\`.`;
  return { text };
}

async function forgotten(admin: Pick<Admin, "forget">, command: Command): Promise<PrivateAnswer> {
  const lines = await forgetting(admin, command, false);
  if (lines.length === 0) return { text: NOTHING_KEPT };
  const gone = lines.filter(({ local }) => local === "forgotten");
  const turns = gone.reduce((sum, line) => sum + line.turns, 0);
  const open = lines.filter(({ local }) => local === "open").length;
  const later = lines.filter(({ telnyx }) => telnyx === "later").length;
  const told = [
    `Forgotten: ${counted(turns, "question")} of yours and the answers, in ${counted(gone.length, "conversation")}.`,
    ...(open > 0 ? [`${counted(open, "conversation")} will be when the reply there has ended.`] : []),
    ...(later > 0
      ? [
          `Telnyx could not be reached for ${counted(later, "conversation")}: I go on trying until it is done.`,
        ]
      : []),
    heldOf(lines),
    ELSEWHERE,
    "What stands in the channels is for you to delete there.",
  ];
  return { text: told.filter((sentence) => sentence !== "").join(" ") };
}

function forgetting(
  admin: Pick<Admin, "forget">,
  command: Command,
  dry: boolean,
): Promise<readonly Forgotten[]> {
  const viewer = themselves(command);
  return Array.fromAsync(admin.forget(viewer, { query: "", person: viewer.id, dry }));
}

function heldOf(lines: readonly Forgotten[]): string {
  const held = lines.filter(({ local }) => local === "held").length;
  return held === 0
    ? ""
    : `${counted(held, "conversation")} must be kept for now: ask whoever runs this bot. `;
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Words of others, short, on one line and as they are: Markdown in them means nothing. */
const shown = (text: string) => plain(shortened(text, SHOWN));

const plain = (text: string) => text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~:@&]/g, String.raw`\$&`);

function linked(text: string, link: string | undefined): string {
  return link === undefined ? shown(text) : `[${shown(text)}](${link})`;
}
