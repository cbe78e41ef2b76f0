import { describe, expect, it } from "vitest";
import { postAs, say, useScenes, withKettle } from "./helpers.ts";

const { scene } = useScenes();

describe("watchers", () => {
  it("see channels come and change", async () => {
    const { twin, harbour, ann } = await scene();
    const seen: unknown[] = [];
    twin.subscribe((change) => {
      if (change.kind === "channel") seen.push([change.channel.name, change.channel.topic]);
    });
    twin.addChannel({ name: "cabin" });
    twin.openDm(ann);
    twin.setTopic(harbour, "Ships");
    expect(seen).toEqual([
      ["cabin", ""],
      ["", ""],
      ["harbour", "Ships"],
    ]);
  });

  it("see what people see, until they stop", async () => {
    const made = await scene();
    const { twin, harbour, bob } = made;
    const seen: string[] = [];
    const stop = twin.subscribe((change) => seen.push(change.kind));
    const ts = say(made, "hi");
    twin.edit(harbour, ts, "hello");
    twin.react(harbour, ts, bob, "owl");
    twin.delete(harbour, ts);
    twin.rename(harbour, "port");
    expect(seen).toEqual(["posted", "edited", "reacted", "deleted", "posted", "channel"]);
    stop();
    say(made, "bye");
    expect(seen).toHaveLength(6);
  });
});

describe("what people read", () => {
  it("comes from the blocks, piece by piece in their notations, else from the text", async () => {
    const { twin, harbour } = await scene();
    const blocks = [
      { type: "header", text: { type: "plain_text", text: "Title" } },
      { type: "section", text: { type: "mrkdwn", text: "*a*" }, fields: [{ type: "mrkdwn", text: "_b_" }] },
      { type: "divider" },
      { type: "markdown", text: "**c**" },
      { type: "context", elements: [{ type: "mrkdwn", text: "d" }] },
      {
        type: "rich_text",
        elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "e" }] }],
      },
    ];
    await postAs(twin, { channel: harbour, text: "fallback", blocks });
    expect(twin.messages(harbour)[0]?.shown).toEqual([
      { format: "plain", text: "Title" },
      { format: "mrkdwn", text: "*a*" },
      { format: "mrkdwn", text: "_b_" },
      { format: "markdown", text: "**c**" },
      { format: "mrkdwn", text: "d" },
      { format: "plain", text: "e" },
    ]);
  });

  it("has the author's name above it", async () => {
    const made = await scene();
    const kettle = withKettle(made);
    say(made, "a");
    say(made, "b", { user: kettle });
    say(made, "c", { user: kettle, botStyle: "legacy" });
    await postAs(made.twin, { channel: made.harbour, text: "d" });
    const shown = made.twin.messages(made.harbour).filter(({ subtype }) => subtype !== "channel_join");
    expect(shown.map(({ author }) => author)).toEqual(["ann", "kettle", "kettle", "patchcord"]);
  });
});
