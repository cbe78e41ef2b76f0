import { expect, test } from "vitest";
import { createDiscordSignIn } from "../../src/discord/sign-in.ts";
import { createLog } from "../../src/log.ts";
import { describeSignIn, type SignInHarness } from "../contracts/sign-in.ts";
import { fakeClock } from "../fakes/clock.ts";
import { refusal } from "../contracts/platform-bench.ts";
import { answer, startTwin, strike } from "./kit.ts";

const MANAGE_SERVER = 1n << 5n;

async function openTwin() {
  const clock = fakeClock();
  const twin = await startTwin({ clock });
  const over = new AbortController();
  const create = ({ secret = twin.clientSecret } = {}) => {
    const { token, apiUrl } = twin;
    const config = { token, apiUrl, reply: "channel", messageContent: "auto", clientSecret: secret } as const;
    return createDiscordSignIn({ config, clock, log: createLog("silent"), signal: over.signal });
  };
  const close = async () => {
    over.abort();
    await twin.close();
  };
  return { clock, twin, create, close };
}

async function openHarness(): Promise<SignInHarness> {
  const { clock, twin, create, close } = await openTwin();
  const elsewhere = twin.addGuild({ name: "Without the bot", withBot: false });
  const guilds = [twin.guild.id, elsewhere];
  const boss = twin.addUser({ name: "boss", guilds });
  twin.addRole({ name: "admins", permissions: MANAGE_SERVER, members: [boss.id] });
  return {
    create,
    person: { id: twin.addUser({ name: "ana", displayName: "Ana Lima", guilds }).id, name: "Ana Lima" },
    admin: { id: boss.id },
    workspace: { id: twin.guild.id, name: twin.guild.name },
    pass: (ms) => clock.advance(ms),
    close,
  };
}

describeSignIn("Discord", openHarness);

test("a Discord that stumbles is no refusal of the person", async () => {
  const { twin, create, close } = await openTwin();
  strike(twin, /^POST .*\/oauth2\/token$/, answer(503, { message: "unavailable" }));
  const attempt = {
    state: "s",
    nonce: "n",
    verifier: "v".repeat(43),
    redirectUri: "https://bot.example.com/back",
  };
  expect((await refusal(create().finish(attempt, "code"))).kind).toBe("unavailable");
  await close();
});
