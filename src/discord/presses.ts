import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  ButtonStyle,
  ComponentType,
  type Interaction,
  InteractionResponseType,
  MessageFlags,
  RequestMethod,
  Routes,
} from "discord.js";
import type { Author } from "../chat/message.ts";
import type { Place } from "../chat/place.ts";
import type { Action, Button, Listener, Press } from "../chat/platform.ts";
import { asError, PatchcordError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Calls } from "./calls.ts";
import { channelOf, decodePlace } from "./place.ts";

const STYLES: Readonly<Record<Action, APIButtonComponentWithCustomId["style"]>> = {
  stop: ButtonStyle.Secondary,
  answer: ButtonStyle.Primary,
};

/**
 * A page's buttons as a row: at most five, with labels of at most 80 characters and custom ids of at most 100 (docs.discord.com, Component
 * Reference). The id says the turn and its place, 94 characters at the most, so that nothing has to be looked up.
 */
export function buttonRows(
  buttons: readonly Button[],
  place: Place,
): APIActionRowComponent<APIButtonComponentWithCustomId>[] {
  if (buttons.length === 0) return [];
  const components = buttons.map(({ action, label, turn }): APIButtonComponentWithCustomId => ({
    type: ComponentType.Button,
    style: STYLES[action],
    label,
    custom_id: `${action}:${turn}:${place}`,
  }));
  return [{ type: ComponentType.ActionRow, components }];
}

const CUSTOM_ID = /^(stop|answer):(\d{1,16}):(discord:.{1,80})$/;

/** What was pressed where: what Discord says of it. */
export interface Pressed {
  readonly customId: string;
  readonly channelId: string;
  readonly by: Author;
}

/** Undefined for what is no button of ours, or of another channel than the one it is pressed in. Nothing is thrown. */
export function pressOf({ customId, channelId, by }: Pressed): Press | undefined {
  const [, action, turn, place] = CUSTOM_ID.exec(customId) ?? [];
  if (action === undefined || place === undefined) return undefined;
  if (channelNamed(place) !== channelId) return undefined;
  return { platform: "discord", place: place as Place, action: action as Action, turn: Number(turn), by };
}

function channelNamed(place: string): string | undefined {
  try {
    return channelOf(decodePlace(place as Place));
  } catch (error) {
    if (error instanceof PatchcordError) return undefined;
    throw error;
  }
}

/** Takes what people press. */
export interface Presses {
  /** Has the press stored, and then answers Discord. Never throws. */
  take(interaction: Interaction): void;
  /** Resolves when nothing is under way. */
  settle(): Promise<void>;
}

export interface PressDeps {
  readonly calls: Pick<Calls, "request">;
  readonly listener: Pick<Listener, "press">;
  readonly log: Log;
}

export function createPresses(deps: PressDeps): Presses {
  const underway = new Set<Promise<void>>();
  return {
    take(interaction) {
      const work = handle(deps, interaction).finally(() => underway.delete(work));
      underway.add(work);
    },
    async settle() {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}

/**
 * Discord shows that an interaction failed that was not answered within three seconds (docs.discord.com, Receiving and Responding): so
 * it does where the press could not be stored.
 */
async function handle({ calls, listener, log }: PressDeps, interaction: Interaction): Promise<void> {
  if (!interaction.isButton()) return;
  const { customId, channelId, id, token } = interaction;
  const press = pressOf({ customId, channelId, by: authorOf(interaction) });
  if (!press) return log.info("something was pressed in Discord that is no button of ours");
  try {
    const sentence = await listener.press(press);
    const fullRoute = Routes.interactionCallback(id, token);
    await calls.request({ method: RequestMethod.Post, fullRoute, auth: false, body: answerOf(sentence) });
  } catch (caught) {
    const { message: why } = asError(caught);
    // Not the error itself: the address of the call is a secret while the interaction lasts.
    const { code } = caught instanceof PatchcordError ? caught : { code: undefined };
    const what = caught instanceof PlatformRefusal ? "was stored, but not answered" : "could not be stored";
    log.warn({ place: press.place, turn: press.turn, code, why }, `a press ${what}`);
  }
}

/** One call for both: that nothing is to be shown, or what the person alone is told. */
function answerOf(sentence: string | undefined) {
  if (sentence === undefined) return { type: InteractionResponseType.DeferredMessageUpdate };
  const data = { content: sentence, flags: MessageFlags.Ephemeral, allowed_mentions: { parse: [] } };
  return { type: InteractionResponseType.ChannelMessageWithSource, data };
}

function authorOf({ user, member }: Interaction): Author {
  const name = member && "displayName" in member ? member.displayName : user.displayName;
  return { id: user.id, name, kind: "person" };
}
