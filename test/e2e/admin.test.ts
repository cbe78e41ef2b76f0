import { afterEach, beforeEach, expect, it } from "vitest";
import { openStage, type Stage } from "./harness.ts";
import { eventually } from "../eventually.ts";

const ADMIN_TOKEN = "operator-0123456789abcdef-0123456789abcdef";
const GRANTS = `
admin:
  grants:
    - { who: "slack:workspace-admins", where: "", reads: content }
    - { who: "discord:manage-server", where: "", reads: content }
`;

let stage: Stage;
beforeEach(async () => {
  stage = await openStage(":memory:");
});
afterEach(() => stage.close());

/** A browser: it keeps cookies and goes where it is sent, but for consent pages, where it is `as`. */
function browser(as: string) {
  const cookies = new Map<string, string>();
  return async (
    address: string,
  ): Promise<{ readonly status: number; readonly text: string; readonly at: URL }> => {
    let at = new URL(address);
    for (let steps = 0; steps < 10; steps += 1) {
      if (at.pathname.includes("authorize")) at.searchParams.set("as", as);
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(at, { redirect: "manual", headers: { cookie } });
      for (const line of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      const location = response.headers.get("location");
      if (location === null) return { status: response.status, text: await response.text(), at };
      at = new URL(location, at);
    }
    throw new Error(`it went in circles, and was at ${at.href}`);
  };
}

it("admins of each platform read in the console what was asked there, and the operator all of it by the API", async () => {
  const { slack, discord } = stage;
  const ada = slack.addUser({ name: "ada", isAdmin: true });
  const bob = slack.addUser({ name: "bob" });
  const ana = discord.addUser({ name: "ana" }).id;
  const channel = slack.addChannel({ name: "support" });
  const general = discord.addChannel({ name: "general" });
  const app = await stage.start({
    env: {
      ADMIN_TOKEN,
      SLACK_CLIENT_ID: slack.clientId,
      SLACK_CLIENT_SECRET: slack.clientSecret,
      DISCORD_CLIENT_SECRET: discord.clientSecret,
    },
    yaml: GRANTS,
  });
  slack.say({ channel, user: bob, text: `<@${slack.bot.userId}> where is my parcel?` });
  discord.say({ channel: general, user: ana, content: `<@${discord.bot.id}> tell me of penguins` });
  await eventually(
    "two turns are settled",
    () => stage.lines.filter((line) => line.includes('"turn settled"')).length === 2,
  );

  const api = async (path: string, token = ADMIN_TOKEN) =>
    fetch(`${app.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  const { rows } = (await (await api("/turns?query=status%3Adone")).json()) as {
    rows: { link: string; content: { question: string } }[];
  };
  expect(rows.map(({ content }) => content.question).sort()).toEqual([
    "tell me of penguins",
    "where is my parcel?",
  ]);
  expect((await api("/turns", "wrong")).status).toBe(401);
  const explained = await api(`/explain?link=${encodeURIComponent(rows[0]?.link ?? "")}`);
  expect([explained.status, await explained.json()]).toMatchObject([200, { answered: true, turn: {} }]);
  const exported = await (await api("/export?query=penguins")).text();
  expect(exported.trimEnd().split("\n")).toHaveLength(1);

  const asAda = browser(ada);
  expect((await asAda(`${app.url}/admin?q=parcel&show=turns`)).at.pathname).toBe("/admin/sign-in");
  const page = await asAda(
    `${app.url}/admin/sign-in/slack?to=${encodeURIComponent("/admin?q=parcel&show=turns")}`,
  );
  expect([page.status, page.at.href]).toEqual([200, `${app.url}/admin?q=parcel&show=turns`]);
  expect(page.text).toContain("where is my parcel?");
  expect((await asAda(`${app.url}/admin?q=penguins&show=turns`)).text).not.toContain("tell me of penguins");
  const asBob = await browser(bob)(`${app.url}/admin/sign-in/slack`);
  expect([asBob.status, asBob.text]).toEqual([403, expect.stringContaining(`slack:${slack.team.id}:${bob}`)]);
  const asAna = await browser(ana)(`${app.url}/admin/sign-in/discord`);
  expect(asAna.status).toBe(403);
  expect(stage.lines.join("")).not.toContain(ADMIN_TOKEN);
});
