import type { ServerResponse } from "node:http";
import { startTwinServer, type TwinRequest } from "../server.ts";
import { settingsOf, type Core, type Settings } from "./core.ts";
import type { DiscordTwin } from "./driver.ts";
import { createFiles, type Files } from "./files.ts";
import { createGateway } from "./gateway/gateway.ts";
import { CLIENT_SECRET, createDiscordOAuth } from "./oauth.ts";
import type { DiscordTwinOptions } from "./options.ts";
import { peopleOf } from "./people.ts";
import { channelRoutes } from "./rest/channels.ts";
import { commandRoutes } from "./rest/commands.ts";
import { gatewayRoutes } from "./rest/gateway.ts";
import { interactionRoutes } from "./rest/interactions.ts";
import { messageRoutes } from "./rest/messages.ts";
import { reactionRoutes } from "./rest/reactions.ts";
import { createRouter } from "./rest/router.ts";
import { threadRoutes } from "./rest/threads.ts";
import { userRoutes } from "./rest/users.ts";
import { createWorld, setupOf } from "./setup.ts";
import type { Change } from "./shown.ts";
import { byAge } from "./snowflake.ts";
import { shownChannel, shownMessage, shownUser } from "./view.ts";
import { need, type World } from "./world.ts";

const ROUTES = [
  ...messageRoutes,
  ...interactionRoutes,
  ...commandRoutes,
  ...reactionRoutes,
  ...threadRoutes,
  ...channelRoutes,
  ...userRoutes,
];

/** Starts a Discord on loopback: REST below `apiUrl`, the gateway on the same port. */
export async function startDiscordTwin(options: DiscordTwinOptions = {}): Promise<DiscordTwin> {
  const settings = settingsOf(options);
  const { world, guild } = createWorld(settings);
  const listeners = new Set<(change: Change) => void>();
  const closing = new AbortController();
  let httpUrl = "";
  const gatewayUrl = (): string => httpUrl.replace("http:", "ws:");

  const files = createFiles(world, () => httpUrl, settings.token);
  const core: Core = {
    world,
    settings,
    token: { isValid: true },
    notifications: [],
    unfurlings: [],
    eye: eyeOf(settings, files),
    publish: (event) => gateway.publish(event),
    changed: (change) => listeners.forEach((listener) => listener(change)),
  };
  const gateway = createGateway(core, gatewayUrl);
  const own = ownPaths(core, files);
  const rest = createRouter(core, [...gatewayRoutes(gateway, gatewayUrl), ...ROUTES]);
  const server = await startTwinServer({
    handle: (request, response) => (own(request, response) ? undefined : rest(request, response)),
    upgrade: gateway.upgrade,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  httpUrl = server.url;

  return {
    ...server,
    apiUrl: `${server.url}/api`,
    token: settings.token,
    clientSecret: CLIENT_SECRET,
    applicationId: world.applicationId,
    bot: shownUser(world.bot),
    guild: { id: guild.id, name: guild.name, ownerId: guild.ownerId },
    gateway: gateway.control,
    notifications: core.notifications,
    unfurlings: core.unfurlings,
    ...setupOf(core, guild),
    ...peopleOf(core, closing.signal),
    ...showingOf(world, listeners),
    close: async () => {
      closing.abort();
      await gateway.close();
      await server.close();
    },
  };
}

function eyeOf({ privilegedIntents }: Settings, files: Files): Core["eye"] {
  return { readsContent: privilegedIntents.includes("MESSAGE_CONTENT"), fileUrl: files.url };
}

/** Answers what is no part of the API that bots use. */
function ownPaths(core: Core, files: Files) {
  const oauth = createDiscordOAuth(core);
  return (request: TwinRequest, response: ServerResponse): boolean => {
    if (!request.path.startsWith("/attachments/")) return oauth(request, response);
    files.serve(request, response);
    return true;
  };
}

/** What there is to see: now, and from now on. */
function showingOf(
  world: World,
  listeners: Set<(change: Change) => void>,
): Pick<DiscordTwin, "messages" | "file" | "channels" | "users" | "typing" | "subscribe"> {
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    messages: (id) =>
      [...need(world.channels, id, "channel").messages.values()]
        .sort(byAge)
        .map((message) => shownMessage(world, message)),
    file: (id) =>
      [...world.channels.values()]
        .flatMap(({ messages }) => [...messages.values()])
        .flatMap(({ attachments }) => attachments)
        .find((file) => file.id === id),
    channels: () => [...world.channels.values()].map(shownChannel),
    users: () => [...world.users.values()].map(shownUser),
    typing: (id) =>
      [...(world.typing.get(id) ?? [])].flatMap(([user, until]) => (until > world.now() ? [user] : [])),
  };
}
