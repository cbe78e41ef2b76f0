import type { DiscordTwin } from "../discord/driver.ts";
import type { SlackTwin } from "../slack/contract.ts";
import type { Cast, Player } from "./cast.ts";

/** Channels, and a little that was said before the newcomer came: so that calling the bot in its middle shows what it knows. */
export function setScene(cast: Cast, { slack, discord }: { slack: SlackTwin; discord: DiscordTwin }): void {
  const ada = cast.find("ada");
  const grace = cast.find("grace");
  setSlack(slack, ada, grace);
  setDiscord(discord, ada, grace);
  for (const player of cast.players) {
    slack.openDm(player.slack);
    discord.openDm(player.discord);
  }
}

function setSlack(slack: SlackTwin, ada: Player, grace: Player): void {
  const general = slack.addChannel({ name: "general", topic: "Everything and everyone" });
  slack.say({
    channel: general,
    user: ada.slack,
    text: "Morning! Patch is here now: mention it, and it answers in a thread :wave:",
  });
  const support = slack.addChannel({ name: "support", topic: "Customers' questions, and who takes them" });
  const root = slack.say({
    channel: support,
    user: ada.slack,
    text: "Northwind's CSV export stops after 10,000 rows. Has anybody seen this?",
  });
  const talk: readonly [Player, string][] = [
    [grace, "Yes, since Tuesday's release. The pager drops its cursor when a page is empty."],
    [ada, "So `next_page` is missing, and the export believes that it is done?"],
    [grace, "Right. I have a fix, but nobody has reviewed it yet."],
  ];
  for (const [player, text] of talk)
    slack.say({ channel: support, user: player.slack, text, threadTs: root });
}

function setDiscord(discord: DiscordTwin, ada: Player, grace: Player): void {
  const general = discord.addChannel({ name: "general", topic: "Everything and everyone" });
  discord.say({
    channel: general,
    user: grace.discord,
    content: "Patch moved in. Mention it, or **reply** to what it says.",
  });
  const plans = discord.say({
    channel: general,
    user: ada.discord,
    content: "Where do we meet on Friday? Let's talk in a thread.",
  });
  const thread = discord.addThread({ channel: general, name: "Friday", user: ada.discord, message: plans });
  discord.say({ channel: thread, user: ada.discord, content: "I'd say the climbing hall, at seven." });
  discord.say({
    channel: thread,
    user: grace.discord,
    content: "Seven is early. ~~Eight?~~ Half past seven.",
  });
  const forum = discord.addChannel({ name: "questions", kind: "forum", topic: "One post for each question" });
  discord.postInForum({
    forum,
    user: grace.discord,
    title: "How do I read a query plan?",
    content: "Mine says `Seq Scan` although there is an index. Where do I begin?",
  });
}
