import { expect, test } from "vitest";
import { discordLinks } from "../../src/discord/links.ts";
import { adapterOn, startBench } from "./kit.ts";

test("a message of a thread, and the one that it hangs on, are found by a bot that starts no session", async () => {
  await using bench = await startBench({ config: { reply: "thread" } });
  const { twin, channel, person } = bench;
  const question = twin.say({ channel, user: person, content: `<@${twin.bot.id}> what is it?` });
  const thread = twin.addThread({ channel, name: "Thread", message: question });
  const asked = await bench.heard(question);
  const said = await bench.heard(twin.say({ channel: thread, user: person, content: "and why?" }));
  const { platform } = adapterOn(twin, { config: { reply: "thread" } });
  const { identified } = twin.gateway.counts;

  const inChannel = `https://discord.com/channels/${twin.guild.id}/${channel}/${question}`;
  expect(await platform.find!(inChannel)).toEqual({ message: asked });
  expect(await platform.find!(discordLinks.linkTo(said)!)).toEqual({ message: said });
  expect(twin.gateway.counts.identified).toBe(identified);
  await platform.stop();
});

test("why there is no message is told for each reason", async () => {
  await using bench = await startBench();
  const { twin, channel, person, platform } = bench;
  const link = (at: string, id: string) => `https://discord.com/channels/${twin.guild.id}/${at}/${id}`;
  const joined = twin.say({ channel, user: person, content: "", type: 7 });
  expect(await platform.find!(link(channel, joined))).toEqual({
    missing: expect.stringContaining("note") as string,
  });
  const said = twin.say({ channel, user: person, content: "hello" });
  twin.delete(channel, said);
  expect(await platform.find!(link(channel, said))).toEqual({
    missing: expect.stringContaining("no such message") as string,
  });
  expect(await platform.find!(link("10000000000000009", said))).toEqual({
    missing: expect.stringContaining("sees no such channel") as string,
  });
});
