import { type Access, personId } from "../admin/access/people.ts";
import { called, excerptOf } from "../admin/called.ts";
import type { Admin, ListedConversation, ListedTurn } from "../admin/admin.ts";
import type { Forgotten } from "../admin/forget.ts";
import { personIn } from "../admin/forgetting.ts";
import { type Near, nothingMeets } from "../admin/near.ts";
import { QueryError } from "../admin/query/error.ts";
import { shortened } from "../admin/shortened.ts";
import type { Grant, Viewer } from "../admin/viewer.ts";
import type { CommandHandler } from "../bridge/commands.ts";
import type { Command, PrivateAnswer } from "../chat/command.ts";
import type { HeardSum } from "../store/heard.ts";

/** More lines than a page of a platform holds. */
const LISTED = 50;
/** Characters of a question, and of a name. */
const SHOWN = 80;
/** Behind `forget me`: the person means it. */
const MEANT = "now";

const NOTHING_GRANTED =
  "You may not see conversations here. Whoever runs this bot can grant it to you (`admin.grants`); `my data` shows what is kept of you.";
/** Of what was adopted nothing was heard here, and of what was heard before that was noted nobody knows whose it is. */
const elsewhere = ({ unknown }: HeardSum) =>
  `What was said in conversations that I took over from Telnyx${unknown ? ", and what I was given of conversations before I took note of whose it was," : ""} is not in this: I keep no note of whose that is. It can be at Telnyx; whoever runs this bot can have such a conversation forgotten whole.`;
const nothingKept = (heard: HeardSum) =>
  `Nothing that you asked me is kept, and nothing else that you said. ${elsewhere(heard)}`;

/** What is asked of the bot by command: by whom something was granted, about conversations; by everybody, about what is kept of them. */
export function commandsFor(
  admin: Pick<Admin, "conversations" | "turns" | "usage" | "forget" | "heard">,
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
      does: "shows what is kept of what you asked and said",
      run: (command) => kept(admin, themselves(command)),
    },
    {
      name: "forget me",
      does: "has what you asked and said, and the answers, forgotten",
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

/** The same for forgetting: also where nothing but what they said without asking is theirs. None of those conversations may be read. */
function forgettingThemselves(command: Command): Viewer {
  const viewer = themselves(command);
  const { heard } = personIn(viewer.id);
  const said: Grant = { where: heard, reads: "metadata", private: true, rights: new Set(["forget"]) };
  return { ...viewer, grants: [...viewer.grants, said] };
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
  const { rows, next, near } = await admin.conversations(viewer, { query, limit: LISTED });
  if (rows.length === 0) return nothingFound(near);
  const count =
    next === undefined ? counted(rows.length, "conversation") : `More than ${LISTED} conversations`;
  return { text: `${count}, the newest first unless you sort them:`, items: rows.map(conversationLine) };
}

function nothingFound(near: Near | undefined): PrivateAnswer {
  const text = "No conversation that you may see is so.";
  if (!near) return { text };
  const why = `${text} ${plain(nothingMeets(near))}`;
  if (near.queries.length === 0) return { text: why };
  return { text: `${why} Near it:`, items: near.queries.map((query) => `- ${shown(query, 2 * SHOWN)}`) };
}

function conversationLine(row: ListedConversation): string {
  const { startedByName, activeAt, turns, failed, link } = row;
  const ended = failed === 0 ? "" : `, ${failed} failed`;
  return `- ${linked(called(row), link)}: ${counted(turns, "turn")}${ended}, begun by ${shown(startedByName)}, last ${dayOf(activeAt)}`;
}

async function kept(admin: Pick<Admin, "turns" | "usage" | "heard">, viewer: Viewer): Promise<PrivateAnswer> {
  const { total } = await admin.usage(viewer, { query: "-status:forgotten" });
  const heard = await admin.heard(viewer, viewer.id);
  if (total.turns + heard.messages === 0) return { text: nothingKept(heard) };
  const asked =
    total.turns === 0
      ? "No question of yours is kept."
      : `Of you ${counted(total.turns, "question")} in ${counted(total.conversations, "conversation")} and the answers to them are kept, here and at Telnyx.`;
  const said =
    heard.messages === 0
      ? []
      : [
          `In ${counted(heard.conversations, "conversation")} I was given ${counted(heard.messages, "message")} of yours that did not ask me: I keep a note that they are yours, and what they say is at Telnyx alone.`,
        ];
  const told = [asked, ...said, "`forget me` has it forgotten.", elsewhere(heard)].join(" ");
  if (total.turns === 0) return { text: told };
  const { rows } = await admin.turns(viewer, { query: "-status:forgotten sort:-active", limit: LISTED });
  return { text: `${told} Your newest questions:`, items: rows.map(questionLine), total: total.turns };
}

function questionLine({ receivedAt, content, link }: ListedTurn): string {
  return `- ${dayOf(receivedAt)}: ${linked(excerptOf(content?.question ?? "") ?? "a question without words", link)}`;
}

type Forgetting = Pick<Admin, "forget" | "heard">;

async function wouldForget(admin: Forgetting, command: Command): Promise<PrivateAnswer> {
  const { heard, lines } = await forgetting(admin, command, true);
  const would = lines.filter(({ local }) => local === "would_be");
  if (lines.length === 0) return { text: nothingKept(heard) };
  const text = `This would forget ${whatOf(would)}, in ${counted(would.length, "conversation")}, for good; at Telnyx such a conversation is deleted whole. ${heldOf(lines)}${elsewhere(heard)} If you mean it: \`forget me ${MEANT}\`.`;
  return { text };
}

async function forgotten(admin: Forgetting, command: Command): Promise<PrivateAnswer> {
  const { heard, lines } = await forgetting(admin, command, false);
  if (lines.length === 0) return { text: nothingKept(heard) };
  const gone = lines.filter(({ local }) => local === "forgotten");
  const open = lines.filter(({ local }) => local === "open").length;
  const later = lines.filter(({ telnyx }) => telnyx === "later").length;
  const told = [
    `Forgotten: ${whatOf(gone)}, in ${counted(gone.length, "conversation")}.`,
    ...(open > 0 ? [`${counted(open, "conversation")} will be when the reply there has ended.`] : []),
    ...(later > 0
      ? [
          `Telnyx could not be reached for ${counted(later, "conversation")}: I go on trying until it is done.`,
        ]
      : []),
    heldOf(lines),
    elsewhere(heard),
    "What stands in the channels is for you to delete there.",
  ];
  return { text: told.filter((sentence) => sentence !== "").join(" ") };
}

/** `2 questions of yours and the answers, and that 3 messages are yours that did not ask me`. */
function whatOf(lines: readonly Forgotten[]): string {
  const turns = lines.reduce((sum, line) => sum + line.turns, 0);
  const heard = lines.reduce((sum, line) => sum + line.heard, 0);
  const questions = `${counted(turns, "question")} of yours and the answers`;
  return heard === 0
    ? questions
    : `${questions}, and ${counted(heard, "message")} of yours that did not ask me`;
}

/** What is known of what was heard is asked first: afterwards it is forgotten. */
async function forgetting(admin: Forgetting, command: Command, dry: boolean) {
  const viewer = forgettingThemselves(command);
  const heard = await admin.heard(viewer, viewer.id);
  const lines = await Array.fromAsync(admin.forget(viewer, { query: "", person: viewer.id, dry }));
  return { heard, lines };
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
const shown = (text: string, length = SHOWN) => plain(shortened(text, length));

const plain = (text: string) => text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~:@&]/g, String.raw`\$&`);

function linked(text: string, link: string | undefined): string {
  return link === undefined ? shown(text) : `[${shown(text)}](${link})`;
}
