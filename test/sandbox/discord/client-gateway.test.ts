import { describe, it } from "vitest";
import { eventually } from "../../eventually.ts";
import { startRig } from "./rig.ts";

/** At once, because discord.js waits half a second before it reconnects. */
describe.concurrent("discord.js, when the gateway fails", () => {
  it.for(["cut", 4000] as const)(
    "resumes and hears what it missed (%s)",
    async (how, { expect, onTestFinished }) => {
      const rig = await startRig();
      onTestFinished(() => rig.stop());
      const { twin, channel, ann } = rig;
      twin.gateway.drop(how);
      await eventually("the connection to end", () => twin.gateway.sessions()[0]?.connected === false);
      twin.say({ channel, user: ann, content: "missed" });
      expect(await rig.hears(1)).toEqual(["missed"]);
      twin.say({ channel, user: ann, content: "later" });
      expect(await rig.hears(2)).toEqual(["missed", "later"]);
      expect(twin.gateway.counts).toEqual({ identified: 1, resumed: 1 });
    },
  );

  it("resumes when it is asked to reconnect, and after op 9 with d true", async ({
    expect,
    onTestFinished,
  }) => {
    const rig = await startRig();
    onTestFinished(() => rig.stop());
    const { twin, channel, ann } = rig;
    twin.gateway.requestReconnect();
    await eventually("the first resume", () => twin.gateway.counts.resumed === 1);
    twin.gateway.invalidate(true);
    await eventually("the second resume", () => twin.gateway.counts.resumed === 2);
    twin.say({ channel, user: ann, content: "still here" });
    expect(await rig.hears(1)).toEqual(["still here"]);
    expect(twin.gateway.counts.identified).toBe(1);
  });

  it("identifies anew when its session is invalid, and what it missed is not replayed", async ({
    expect,
    onTestFinished,
  }) => {
    const rig = await startRig();
    onTestFinished(() => rig.stop());
    const { twin, channel, ann } = rig;
    twin.gateway.invalidate(false);
    twin.say({ channel, user: ann, content: "missed" });
    await eventually("the second identify", () => twin.gateway.counts.identified === 2);
    twin.say({ channel, user: ann, content: "later" });
    expect(await rig.hears(1)).toEqual(["later"]);
  });

  it("reconnects until the gateway takes connections again", async ({ expect, onTestFinished }) => {
    const rig = await startRig();
    onTestFinished(() => rig.stop());
    const { twin, channel, ann } = rig;
    rig.client.on("error", () => {
      // discord.js reports the refused handshake, and goes on.
    });
    twin.gateway.refuse(true);
    twin.gateway.drop("cut");
    await eventually("the connection to end", () => twin.gateway.sessions()[0]?.connected === false);
    twin.say({ channel, user: ann, content: "missed" });
    twin.gateway.refuse(false);
    expect(await rig.hears(1)).toEqual(["missed"]);
  });

  it("ignores a message that is delivered twice, while it remembers the first", async ({
    expect,
    onTestFinished,
  }) => {
    const rig = await startRig();
    onTestFinished(() => rig.stop());
    const { twin, channel, ann } = rig;
    twin.say({ channel, user: ann, content: "one" });
    twin.gateway.duplicate("MESSAGE_CREATE");
    twin.say({ channel, user: ann, content: "two" });
    expect(await rig.hears(2)).toEqual(["one", "two"]);
  });

  it("closes a zombie: heartbeats that are not acknowledged", async ({ onTestFinished }) => {
    const rig = await startRig({ heartbeatMs: 60 });
    onTestFinished(() => rig.stop());
    const { twin } = rig;
    twin.gateway.acknowledge(false);
    await eventually("the client to give up", () => twin.gateway.sessions()[0]?.connected === false);
    twin.gateway.acknowledge(true);
    await eventually("the resume", () => twin.gateway.counts.resumed === 1);
  });
});
