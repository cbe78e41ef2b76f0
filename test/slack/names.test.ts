import { describe, expect, test } from "vitest";
import { PlatformRefusal } from "../../src/errors.ts";
import { createDirectory } from "../../src/slack/names.ts";
import { boundedMap } from "../../src/slack/bounded.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeWeb, keptLog } from "./kit.ts";

const MINUTE = 60_000;
const user = (name: string) => ({ user: { name, profile: { display_name: name } } });

function open(answers: Parameters<typeof fakeWeb>[0]) {
  const clock = fakeClock();
  const web = fakeWeb(answers);
  const directory = createDirectory({ web, clock, log: keptLog().log, self: () => "UBOT" });
  const learn = (users: string[], channels: string[] = []) => directory.learn({ users, channels }, 1_200);
  return { clock, web, directory, learn };
}

describe("names", () => {
  test("of people are what they chose to be called, or what they are called otherwise", async () => {
    const { directory, learn } = open({
      "users.info": ({ user: id }) =>
        ({
          U1: {
            user: { name: "ada", real_name: "Ada L", profile: { display_name: "Ada", real_name: "Ada L" } },
          },
          U2: { user: { name: "bob", real_name: "Bob B", profile: { display_name: "" } } },
          U3: { user: { name: "cy" } },
        })[String(id)] ?? {},
    });
    await learn(["U1", "U2", "U3", "U4"]);
    expect(["U1", "U2", "U3", "U4"].map((id) => directory.user(id))).toEqual([
      "Ada",
      "Bob B",
      "cy",
      undefined,
    ]);
  });

  test("of channels come with topic and kind; direct messages are not asked for", async () => {
    const { directory, learn, web } = open({
      "conversations.info": ({ channel }) =>
        channel === "C1"
          ? { channel: { name: "general", topic: { value: "All" } } }
          : { channel: { name: "secret", is_private: true, topic: { value: "" } } },
    });
    await learn([], ["C1", "C2", "D1"]);
    expect(directory.channel("C1")).toEqual({ name: "general", topic: "All", kind: "public" });
    expect(directory.channel("C2")).toEqual({ name: "secret", kind: "private" });
    expect(web.calls).toHaveLength(2);
  });

  test("of group direct messages are those of the people in them, without the bot, whatever order Slack has them in", async () => {
    const { directory, learn, web, clock } = open({
      "conversations.info": ({ channel }) => ({
        channel: { name: `mpdm-${String(channel).toLowerCase()}--ada--bot-1`, is_mpim: true },
      }),
      "conversations.members": ({ channel }, count) => {
        if (channel === "G2") throw new PlatformRefusal("rejected", "slack_missing_scope", "no");
        if (channel === "G3") return { members: ["U1", "UBOT", "U9"] };
        const members = ["U1", "UBOT", "U2"];
        return { members: count % 2 ? members : members.toReversed() };
      },
      "users.info": ({ user: id }) => ({ U1: user("Bob, Jr"), U2: user("Ada") })[String(id)] ?? {},
    });
    await learn([], ["G1", "G2", "G3"]);
    expect(directory.channel("G1")).toEqual({ name: "Ada and Bob, Jr", kind: "group_dm" });
    expect(directory.channel("G2"), "its members may not be asked for").toEqual({
      name: "ada, bot and g2",
      kind: "group_dm",
    });
    expect(directory.channel("G3")?.name, "one has no name").toBe("ada, bot and g3");
    const asked = web.calls.length;
    await clock.advance(31 * MINUTE);
    await learn([], ["G1"]);
    expect(directory.channel("G1")?.name).toBe("Ada and Bob, Jr");
    expect(web.calls.length - asked, "the channel, its members, two people").toBe(4);
  });

  test("are looked up once for all who ask at once, and again when they are old", async () => {
    const { clock, directory, learn, web } = open({ "users.info": (_, count) => user(`Ada ${count}`) });
    await Promise.all([learn(["U1", "U1"]), learn(["U1"])]);
    await learn(["U1"]);
    expect([directory.user("U1"), web.calls.length]).toEqual(["Ada 1", 1]);
    await clock.advance(31 * MINUTE);
    await learn(["U1"]);
    expect([directory.user("U1"), web.calls.length]).toEqual(["Ada 2", 2]);
  });

  test("that cannot be found out are left alone for a while, and old ones kept", async () => {
    const refuse = new PlatformRefusal("unreachable", "slack_missing_scope", "users.info: missing_scope");
    const { clock, directory, learn, web } = open({
      "users.info": (_, count) => (count === 1 ? user("Ada") : Promise.reject(refuse)),
    });
    await learn(["U1"]);
    await clock.advance(31 * MINUTE);
    await learn(["U1"]);
    await learn(["U1"]);
    expect([directory.user("U1"), web.calls.length]).toEqual(["Ada", 2]);
    await clock.advance(2 * MINUTE);
    await learn(["U1"]);
    expect(web.calls.length).toBe(3);
  });

  test("are not waited for longer than was said, but kept when they come", async () => {
    const late = Promise.withResolvers<ReturnType<typeof user>>();
    const { clock, directory, learn } = open({ "users.info": () => late.promise });
    let done = false;
    const learning = learn(["U1"]).then(() => void (done = true));
    await clock.advance(1_199);
    expect(done).toBe(false);
    await clock.advance(1);
    await learning;
    expect(directory.user("U1")).toBeUndefined();
    late.resolve(user("Ada"));
    await clock.advance(1);
    expect(directory.user("U1")).toBe("Ada");
    expect(clock.sleeping()).toBe(0);
  });

  test("of a whole crowd are not looked up for one message", async () => {
    const { learn, web } = open({ "users.info": () => user("x") });
    await learn(Array.from({ length: 500 }, (_, index) => `U${index}`));
    expect(web.calls.map(({ args }) => args["user"])).toEqual(
      Array.from({ length: 30 }, (_, index) => `U${index}`),
    );
  });
});

test("a bounded map forgets what was used longest ago", () => {
  const map = boundedMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.get("a");
  map.set("c", 3);
  expect([map.get("a"), map.get("b"), map.get("c")]).toEqual([1, undefined, 3]);
  map.delete("a");
  expect(map.get("a")).toBeUndefined();
});
