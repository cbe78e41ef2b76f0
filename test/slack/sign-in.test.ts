import { expect, test } from "vitest";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import { createSlackSignIn } from "../../src/slack/sign-in.ts";
import { describeSignIn, type SignInHarness } from "../contracts/sign-in.ts";
import { fakeClock } from "../fakes/clock.ts";
import { silent } from "./harness.ts";

async function openTwin() {
  const clock = fakeClock();
  const twin = await startSlackTwin({ clock, limits: "off" });
  const create = ({ secret = twin.clientSecret } = {}) => {
    const { botToken, apiUrl, clientId } = twin;
    return createSlackSignIn({
      config: { botToken, apiUrl, clientId, clientSecret: secret },
      clock,
      log: silent,
    });
  };
  return { clock, twin, create };
}

async function openHarness(): Promise<SignInHarness> {
  const { clock, twin, create } = await openTwin();
  return {
    create,
    person: { id: twin.addUser({ name: "ada", displayName: "Ada" }), name: "Ada" },
    admin: { id: twin.addUser({ name: "boss", isAdmin: true }) },
    workspace: twin.team,
    pass: (ms) => clock.advance(ms),
    close: () => twin.close(),
  };
}

describeSignIn("Slack", openHarness);

const attempt = {
  state: "s",
  nonce: "n",
  verifier: "v".repeat(43),
  redirectUri: "https://bot.example.com/back",
};

test.each([
  ["another nonce", { nonce: "other" }],
  ["another app", { aud: "1.2" }],
  ["somebody else", { iss: "https://slack.example.com" }],
  ["long ago", { exp: 1 }],
  ["no time", { exp: undefined }],
  ["another workspace", { "https://slack.com/team_id": "T2" }],
  ["nobody", { "https://slack.com/user_id": undefined }],
])("a token for %s is refused", async (_, change) => {
  const { twin, create, clock } = await openTwin();
  const ada = twin.addUser({ name: "ada", isAdmin: true });
  const claims = {
    iss: "https://slack.com",
    aud: twin.clientId,
    exp: clock.now() / 1000 + 300,
    nonce: "n",
    "https://slack.com/team_id": twin.team.id,
    "https://slack.com/user_id": ada,
  };
  const answerWith = (said: object) => {
    const id_token = `e30.${Buffer.from(JSON.stringify(said)).toString("base64url")}.`;
    const body = JSON.stringify({ ok: true, id_token });
    const effect = {
      kind: "answer",
      status: 200,
      headers: { "content-type": "application/json" },
      body,
    } as const;
    twin.inject({ matches: ({ path }) => path.endsWith("openid.connect.token"), times: 1, effect });
  };
  answerWith(claims);
  expect(await create().finish(attempt, "code")).toMatchObject({ userId: ada });
  answerWith({ ...claims, ...change });
  await expect(create().finish(attempt, "code")).rejects.toMatchObject({ code: "sign_in_refused" });
  await twin.close();
});
