import fc from "fast-check";
import { expect, it } from "vitest";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { connect, identified, type Link, type Packet } from "./bot.ts";
import { eventually } from "../../eventually.ts";

type Step = "say" | "cut" | "close" | "replace" | "resume";

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Step>("say") },
    { weight: 2, arbitrary: fc.constantFrom<Step>("cut", "close", "replace", "resume") },
  ),
  { minLength: 1, maxLength: 25 },
);

/** A client that keeps what it got, whatever becomes of its connections. */
async function startClient(twin: DiscordTwin) {
  let link = await identified(twin);
  const got: Packet[] = [];
  let gathered = 0;
  const gather = (): void => {
    got.push(...link.packets.slice(gathered).filter(({ s }) => s !== null));
    gathered = link.packets.length;
  };
  const lost = async (lose: () => void): Promise<void> => {
    lose();
    await link.closed;
    await eventually("the session to be left", () => twin.gateway.sessions()[0]?.connected === false);
    gather();
  };
  const session_id = (await link.event("READY")).d.session_id as string;
  return {
    got,
    lost,
    connected: () => twin.gateway.sessions()[0]?.connected === true,
    /** Takes the session up again, also while the old connection is there. */
    resume: async () => {
      gather();
      const next: Link = await connect(twin);
      next.send({ op: 6, d: { token: twin.token, session_id, seq: got.at(-1)?.s } });
      await next.event("RESUMED");
      [link, gathered] = [next, 0];
    },
    catchUp: async () => {
      const last = twin.gateway.sessions()[0]?.sequence;
      await eventually("the last event", () => link.packets.some(({ s }) => s === last));
      gather();
    },
  };
}

it("a client that resumes gets every event once and in order, whatever happens to its connections", async () => {
  let missed = 0;
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const twin = await startDiscordTwin({ limits: "off" });
      const channel = twin.addChannel({ name: "general" });
      const user = twin.addUser({ name: "ann" }).id;
      const client = await startClient(twin);
      const said: string[] = [];
      let saidUnheard = false;
      for (const step of plan) {
        if (step === "say") {
          said.push(twin.say({ channel, user, content: "x" }));
          saidUnheard ||= !client.connected();
        } else if (step === "resume" || step === "replace") {
          if (client.connected() === (step === "replace")) await client.resume();
        } else if (client.connected()) {
          await client.lost(() => twin.gateway.drop(step === "cut" ? "cut" : 4000));
        }
      }
      if (!client.connected()) await client.resume();
      await client.catchUp();
      runs += 1;
      if (saidUnheard) missed += 1;
      const heard = client.got.filter(({ t }) => t === "MESSAGE_CREATE").map(({ d }) => String(d.id));
      expect(heard).toEqual(said);
      expect(client.got.map(({ s }) => s)).toEqual(client.got.map((_, index) => index + 1));
      await twin.close();
    }),
    { numRuns: 40 },
  );
  // The generator reaches the hard case: something was said while nobody listened.
  expect(missed / runs).toBeGreaterThan(0.3);
});
