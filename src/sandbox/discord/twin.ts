import type { ServerResponse } from "node:http";
import { startTwinServer, type TwinRequest } from "../server.ts";
import { settingsOf, type Core } from "./core.ts";
import type { DiscordTwin } from "./driver.ts";
import { createFiles } from "./files.ts";
import { createGateway } from "./gateway/gateway.ts";
import type { DiscordTwinOptions } from "./options.ts";
import { peopleOf } from "./people.ts";
import { channelRoutes } from "./rest/channels.ts";
import { gatewayRoutes } from "./rest/gateway.ts";
import { messageRoutes } from "./rest/messages.ts";
import { reactionRoutes } from "./rest/reactions.ts";
import { createRouter } from "./rest/router.ts";
import { threadRoutes } from "./rest/threads.ts";
import { userRoutes } from "./rest/users.ts";
import { createWorld, setupOf } from "./setup.ts";
import type { Change } from "./shown.ts";
import { byAge } from "./snowflake.ts";
import { shownChannel, shownMessage, shownUser } from "./view.ts";
import { need } from "./world.ts";

/** Starts a Discord on loopback: REST below `apiUrl`, the gateway on the same port. */
export async function startDiscordTwin(options: DiscordTwinOptions = {}): Promise<DiscordTwin> {
  const settings = settingsOf(options);
  const { world, guild } = createWorld(settings);
  const listeners = new Set<(change: Change) => void>();
  let httpUrl = "";
  const gatewayUrl = (): string => httpUrl.replace("http:", "ws:");

  const files = createFiles(world, () => httpUrl, settings.token);
  const core: Core = {
    world,
    settings,
    notifications: [],
    unfurlings: [],
    eye: { readsContent: settings.privilegedIntents.includes("MESSAGE_CONTENT"), fileUrl: files.url },
    publish: (event) => gateway.publish(event),
    changed: (change) => {
      for (const listener of listeners) listener(change);
    },
  };
  const gateway = createGateway(core, gatewayUrl);
  const rest = createRouter(core, [
    ...gatewayRoutes(gateway, gatewayUrl),
    ...messageRoutes,
    ...reactionRoutes,
    ...threadRoutes,
    ...channelRoutes,
    ...userRoutes,
  ]);
  const handle = (request: TwinRequest, response: ServerResponse): Promise<void> | void =>
    request.path.startsWith("/attachments/") ? files.serve(request, response) : rest(request, response);
  const server = await startTwinServer({
    handle,
    upgrade: gateway.upgrade,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  httpUrl = server.url;

  return {
    requests: server.requests,
    inject: server.inject,
    reset: server.reset,
    apiUrl: `${server.url}/api`,
    token: settings.token,
    applicationId: world.applicationId,
    bot: shownUser(world.bot),
    guild: { id: guild.id, name: guild.name, ownerId: guild.ownerId },
    gateway: gateway.control,
    notifications: core.notifications,
    unfurlings: core.unfurlings,
    ...setupOf(core, guild),
    ...peopleOf(core),
    messages: (id) =>
      [...need(world.channels, id, "channel").messages.values()]
        .sort(byAge)
        .map((message) => shownMessage(world, message)),
    channels: () => [...world.channels.values()].map(shownChannel),
    users: () => [...world.users.values()].map(shownUser),
    typing: (id) =>
      [...(world.typing.get(id) ?? [])].flatMap(([user, until]) => (until > world.now() ? [user] : [])),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      gateway.close();
      await server.close();
    },
  };
}
