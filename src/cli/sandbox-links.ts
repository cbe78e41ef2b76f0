import { z } from "zod";
import { links } from "../app/links.ts";
import type { Links } from "../chat/links.ts";
import { environmentSchema, presentOnly } from "../config/environment.ts";
import { asError, ConfigError } from "../errors.ts";
import type { Variables } from "./load.ts";

const side = z.object({ messages: z.array(z.object({ link: z.string() })) });
const snapshot = z.object({ sides: z.object({ slack: side, discord: side }) });

/** Links lead to the sandbox's page, and only to what is there: the real platforms know nothing of it. */
export function linksToPage(addressOf: (link: string) => string | undefined): Links {
  return {
    ...links,
    linkTo: (platform, message) => {
      const link = links.linkTo(platform, message);
      return link === undefined ? undefined : addressOf(link);
    },
  };
}

/** What a command's links lead to: with `SANDBOX_URL` the messages that are on that sandbox's page now, else the platforms. Rejects with a `ConfigError` when no sandbox is there. */
export async function linksBeside(environment: Variables): Promise<Links> {
  const url = environmentSchema.shape.SANDBOX_URL.safeParse(presentOnly(environment)["SANDBOX_URL"]);
  if (!url.success) throw new ConfigError(url.error.issues.map(({ message }) => `SANDBOX_URL ${message}`));
  const page = url.data;
  if (page === undefined) return links;
  const there = await pathsOn(page);
  return linksToPage((link) => {
    const { pathname, search } = new URL(link);
    return there.has(pathname) ? new URL(pathname + search, page).href : undefined;
  });
}

/** Of the messages on the page. */
async function pathsOn(page: string): Promise<ReadonlySet<string>> {
  try {
    const state = await fetch(new URL("/api/state", page));
    const { sides } = snapshot.parse(await state.json());
    const shown = [...sides.slack.messages, ...sides.discord.messages];
    return new Set(shown.map(({ link }) => new URL(link, page).pathname));
  } catch (error) {
    throw new ConfigError([
      `SANDBOX_URL: no sandbox answers at ${page} (${asError(error).message}): start it again and copy its line with export, or unset it`,
    ]);
  }
}
