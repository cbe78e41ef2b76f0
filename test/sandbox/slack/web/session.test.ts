import { describe, expect, it } from "vitest";
import { call, codeOf, useScenes, webClient } from "../helpers.ts";

const { scene } = useScenes();

describe("who is who", () => {
  it("auth.test names the bot and its workspace", async () => {
    const { twin } = await scene({ team: { id: "T0MAPLE", name: "Maple Works" }, bot: { name: "lantern" } });
    expect(await webClient(twin).auth.test()).toMatchObject({
      ok: true,
      team: "Maple Works",
      team_id: "T0MAPLE",
      user: "lantern",
      user_id: twin.bot.userId,
      bot_id: twin.bot.botId,
      url: "https://maple-works.slack.com/",
    });
  });

  it("users.info tells people from bots", async () => {
    const { twin, ann } = await scene();
    const client = webClient(twin);
    expect((await client.users.info({ user: ann })).user).toMatchObject({
      name: "ann",
      is_bot: false,
      profile: { real_name: "Ann Fisher", display_name: "ann" },
    });
    const bot = (await client.users.info({ user: twin.bot.userId })).user;
    expect(bot).toMatchObject({ is_bot: true, profile: { bot_id: twin.bot.botId } });
    expect(await codeOf(twin, "users.info", { user: "U0STRANGER" })).toBe("user_not_found");
  });

  it("bots.info and team.info know their own", async () => {
    const { twin } = await scene();
    const kettle = twin.addBot("kettle");
    const { body } = await call(twin, "bots.info", { bot: kettle.botId });
    expect(body["bot"]).toMatchObject({ name: "kettle", app_id: kettle.appId, user_id: kettle.userId });
    expect(await codeOf(twin, "bots.info", { bot: "B0STRANGER" })).toBe("bot_not_found");
    expect(await codeOf(twin, "bots.info")).toBe("missing_argument");
    const team = await call(twin, "team.info");
    expect(team.body["team"]).toMatchObject({ id: twin.team.id, name: twin.team.name });
    expect(await codeOf(twin, "team.info", { team: "T0ELSEWHERE" })).toBe("team_not_found");
  });
});
