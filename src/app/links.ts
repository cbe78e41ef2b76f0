import type { Links, PlatformLinks } from "../chat/links.ts";
import { discordLinks } from "../discord/links.ts";
import { slackLinks } from "../slack/links.ts";

const PLATFORMS: readonly PlatformLinks[] = [slackLinks, discordLinks];

/** The links of every platform that this version knows, whether it is set up or not: what was said there stays readable. */
export const links: Links = {
  linkTo: (name, message) => PLATFORMS.find(({ platform }) => platform === name)?.linkTo(message),
  readLink: (link, workspaces) => {
    for (const platform of PLATFORMS) {
      const found = platform.readLink(link, workspaces);
      if (found) return found;
    }
    return undefined;
  },
};
