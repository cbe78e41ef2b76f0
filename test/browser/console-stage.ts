import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import type { Place } from "../../src/chat/place.ts";
import { type Month, playMonth } from "../admin/console/month.ts";
import { type ConsoleStage, consoleStage } from "../admin/console/stage.ts";
import { sessionStage } from "../admin/session/stage.ts";

export interface Served {
  readonly stage: ConsoleStage;
  readonly month: Month;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The console with a month of conversations in it, where browsers reach it, and the pages to sign in at, which let nobody in. */
export async function serveConsole(): Promise<Served> {
  const stage = consoleStage((admin) => ({
    ...admin,
    forget: async function* () {
      for (let line = 0; line < 40; line += 1)
        yield {
          conversation: { place: "slack:T0ACME01:C0SUPPORT" as Place, generation: 1 },
          name: "#support",
          turns: 13,
          heard: 0,
          local: "would_be",
          telnyx: "would_be",
        };
    },
    explain: async (_viewer, link) => ({
      link,
      answered: false,
      rules: [
        { says: "It was written by a person.", outcome: "passes" },
        { says: "It does not mention the bot.", outcome: "decides" },
        { says: "It is in a thread of the bot's.", outcome: "not_tried" },
      ],
      given: {
        input: "Hello",
        heard: 2,
        messages: [{ userId: "U2", userName: "Bob", sentAt: 1_700_000_000_000 }, {}],
        earlierTurns: 1,
      },
      settings: { model: "zai-org/GLM-5.2" },
      gaps: ["What was said after it."],
    }),
  }));
  const month = await playMonth(stage.world.bench);
  stage.setVitals({
    problems: ["Slack refuses the token: set SLACK_BOT_TOKEN to a new one."],
    budgets: [
      {
        platform: "slack",
        per: "channel",
        scope: "C0SUPPORT",
        covers: ["post", "edit"],
        drawn: 42,
        paints: 50,
        windowMs: 60_000,
        live: 2,
        heldForMs: 4_000,
      },
    ],
  });
  const door = sessionStage({ publicUrl: undefined });
  const app = new Hono().route("/", door.app).route("/", stage.app);
  let server: ServerType | undefined;
  const url = await new Promise<string>((resolve) => {
    server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) =>
      resolve(`http://127.0.0.1:${port}`),
    );
  });
  return {
    stage,
    month,
    url,
    close: async () => {
      if (server && "closeAllConnections" in server) server.closeAllConnections();
      server?.close();
      await door.bench.close();
      await stage.world.bench.close();
    },
  };
}
