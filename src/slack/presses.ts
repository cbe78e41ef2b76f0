import type { Place } from "../chat/place.ts";
import type { Action, Button, Listener, Press } from "../chat/platform.ts";
import { PatchcordError } from "../errors.ts";
import type { Log } from "../log.ts";
import { list, record, text } from "./json.ts";
import type { Identity } from "./parse.ts";
import { decodePlace } from "./place.ts";
import type { SlackWeb } from "./web.ts";

/** Our buttons among those of an app: the rest of the `action_id` is the action. */
const PREFIX = "patchcord_";
/** What a button carries: the turn and its place, so that nothing has to be looked up. */
const VALUE = /^(\d{1,16}) (\S{1,200})$/u;

/**
 * The block of buttons under a page: at most 25 of them, with labels of at most 75 characters and values of at most 2,000
 * (docs.slack.dev, Block Kit, Actions block and Button element); a page has one. An update without the block takes it away, because
 * chat.update replaces the blocks (docs.slack.dev, chat.update).
 */
export function buttonBlocks(buttons: readonly Button[], place: Place) {
  if (buttons.length === 0) return [];
  const elements = buttons.map(({ action, label, turn }) => ({
    type: "button",
    action_id: `${PREFIX}${action}`,
    text: { type: "plain_text", text: label },
    ...(action === "answer" ? { style: "primary" } : {}),
    value: `${turn} ${place}`,
  }));
  return [{ type: "actions", elements }];
}

/**
 * The press in an interaction's body: undefined for everything that is no press of a button of ours, under a message of ours, in the
 * channel that the button names. Total: any JSON goes in, nothing is thrown.
 */
export function pressIn(body: unknown, self: Identity): Press | undefined {
  const { type, user, container, message, actions } = record(body);
  if (type !== "block_actions" || !isOwn(record(message), self)) return undefined;
  const { action_id: actionId, value } = record(list(actions)[0]);
  const action = actionOf(text(actionId));
  const [, turn, place] = VALUE.exec(text(value) ?? "") ?? [];
  const by = text(record(user)["id"]);
  if (!action || turn === undefined || place === undefined || by === undefined) return undefined;
  if (channelOf(place) !== text(record(container)["channel_id"])) return undefined;
  const name = text(record(user)["username"]) ?? text(record(user)["name"]) ?? by;
  const author = { id: by, name, kind: "person" } as const;
  return { platform: "slack", place: place as Place, action, turn: Number(turn), by: author };
}

function isOwn({ user, bot_id: botId }: Readonly<Record<string, unknown>>, self: Identity): boolean {
  return user === self.botUserId || (self.botId !== undefined && botId === self.botId);
}

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  [`${PREFIX}stop`, "stop"],
  [`${PREFIX}answer`, "answer"],
]);
const actionOf = (id: string | undefined) => ACTIONS.get(id ?? "");

function channelOf(place: string): string | undefined {
  try {
    return decodePlace(place as Place).channel;
  } catch (error) {
    if (error instanceof PatchcordError) return undefined;
    throw error;
  }
}

export interface PressDeps {
  readonly web: SlackWeb;
  readonly self: Identity;
  readonly listener: Pick<Listener, "press">;
  readonly log: Log;
}

/**
 * Takes interactions. Resolves when what was pressed is stored, and Slack may be told that it arrived, with what is then left to do;
 * rejects when it was not stored. Slack tells once, and shows the person that a press was not acknowledged within three seconds
 * (docs.slack.dev, Handling user interaction).
 */
export function createPressHandler(deps: PressDeps): (body: unknown) => Promise<() => Promise<void>> {
  return async (body) => {
    const press = pressIn(body, deps.self);
    if (!press) deps.log.info("something was pressed in Slack that is no button of ours");
    const sentence = press && (await deps.listener.press(press));
    return async () => {
      if (press && sentence !== undefined) await whisper(deps, press, sentence);
    };
  };
}

/**
 * Tells one person, and is not tried again. By `chat.postEphemeral`, which needs no scope that posting does not need, and stays in the
 * thread; a `response_url` answers in the channel (slackapi/node-slack-sdk#674). Who is not in the channel cannot be told.
 */
async function whisper({ web, log }: PressDeps, { place, by }: Press, sentence: string): Promise<void> {
  const { channel, threadTs } = decodePlace(place);
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
  const said = { channel, user: by.id, text: sentence, ...thread };
  await web
    .call("chat.postEphemeral", said)
    .catch((err: unknown) =>
      log.warn({ place, err }, "who pressed a button could not be told what became of it"),
    );
}
