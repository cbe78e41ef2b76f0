import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { conversationPath } from "../../../src/admin/console/paths.ts";
import type { Explanation } from "../../../src/admin/explain.ts";
import type { Place } from "../../../src/chat/place.ts";
import { inChannel, placeOf, viewer } from "../world.ts";
import { playMonth } from "./month.ts";
import { type ConsoleStage, consoleStage, OPERATOR, textOf } from "./stage.ts";

let stage: ConsoleStage;
beforeEach(() => {
  stage = consoleStage();
});
afterEach(() => stage.world.bench.close());

const at = (channel: string) => conversationPath({ place: placeOf(channel), generation: 1 });

describe("a conversation", () => {
  it("reads like the chat: who said what, what the bot answered, and what is known of each turn", async () => {
    await playMonth(stage.world.bench);
    const support = "slack:T0ACME01:C0SUPPORT" as Place;
    const page = await stage.page(conversationPath({ place: support, generation: 1 }));
    const text = textOf(page);
    expect(text).toMatch(/Slack › Acme › #support #support begun by Ada Lovelace, 22 Nov/);
    expect(text).toMatch(/formerly channel help-desk, until 7 Dec, 20:08/);
    expect(text).toContain("From here on called #support");
    expect(text).toContain("Can order 1042 still be returned?");
    expect(text).toMatch(
      /zai-org\/GLM-5.2 420 tokens in, 90 out \$0\.0004 first text 0\.7 s complete 2\.2 s/,
    );
    expect(page).toContain("<strong>30 days</strong>");
    expect(page).toContain(
      '<a href="https://example.com/returns" rel="noopener noreferrer nofollow" target="_blank">',
    );
  });

  it("lets others in between its turns, which take long to be shown", async () => {
    const crowded = consoleStage((admin) => ({
      show: async (...asked) => {
        const shown = await admin.show(...asked);
        return (
          shown && { ...shown, turns: shown.turns.flatMap((turn) => Array.from({ length: 20 }, () => turn)) }
        );
      },
    }));
    await crowded.world.ask({ channel: "C1", question: "Is it there?" });
    let others = 0;
    const other = () => {
      others += 1;
      next = setImmediate(other);
    };
    let next = setImmediate(other);
    const page = await crowded.page(at("C1"));
    clearImmediate(next);
    expect(others).toBeGreaterThan(15);
    expect(page.split("<article").length).toBeGreaterThan(20);
    await crowded.world.bench.close();
  });

  it("shows code, tables and failures as such", async () => {
    await playMonth(stage.world.bench);
    const pages = await Promise.all(
      (
        await stage.world.bench.archive.conversations({
          where: { kind: "all", of: [] },
          sort: { by: "active", direction: "desc" },
          limit: 50,
        })
      ).rows.map((one) => stage.page(conversationPath(one))),
    );
    const all = pages.join("\n");
    expect(all).toContain('<pre tabindex="0" data-language="sh"><code>du -ah');
    expect(all).toContain('<th align="right">Height</th>');
    expect(all).toMatch(/href="https:\/\/discord\.com\/channels\/8\d+\/8\d+\/8\d+"\s+rel="noreferrer"/);
    expect(textOf(all)).toContain("Failed: rate limited");
    expect(textOf(all)).toContain("There is no answer: it failed before there was any.");
    expect(textOf(all)).toContain("نور الهدى");
  });

  it("renders what was said inert", async () => {
    await stage.world.ask({
      channel: "C1",
      question: "<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![p](https://evil.example/p.png)",
      answer: "<script>alert(1)</script>\n\n<iframe src=https://evil.example></iframe>",
    });
    const page = await stage.page(at("C1"));
    const tags = page.replaceAll(/="[^"]*"/g, "").match(/<[^>]*>/g) ?? [];
    expect(tags.filter((tag) => /\son|<iframe|<img(?! src alt width height)/.test(tag))).toEqual([]);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/href="javascript|src="https:/);
    expect(textOf(page)).toContain("<script>alert(1)</script>");
  });

  it("says what may not be read, and what was forgotten", async () => {
    await stage.world.ask({ channel: "C2", name: "board", kind: "private", question: "Whom do we fire?" });
    stage.signIn(viewer({ where: inChannel("C2"), reads: "content", private: false }));
    const page = textOf(await stage.page(at("C2")));
    expect(page).not.toContain("Whom do we fire");
    expect(page).not.toContain("An answer.");
    expect(page).toContain("What was said here is not yours to read.");
    expect(page).toContain("Something was said here that is not yours to read.");
    expect(page).toMatch(/Grace Hopper.*Done.*complete/);
  });

  it("is nothing to who may not see it, as if it were not there", async () => {
    await stage.world.ask({ channel: "C2", question: "Hello" });
    stage.signIn(viewer({ where: inChannel("C1"), reads: "content", private: true }));
    const hidden = await stage.get(at("C2"));
    const missing = await stage.get(at("C3"));
    expect([hidden.status, missing.status]).toEqual([404, 404]);
    const told = async (response: Response) => textOf(await response.text());
    expect(await told(hidden)).toBe(await told(missing));
    for (const path of ["x", "0", "1.5", "99999999999"])
      expect((await stage.get(`/admin/conversations/slack%3AT1%3AC2/${path}`)).status).toBe(404);
  });

  it("that is long comes in parts, and begins with the turn that is asked for", async () => {
    for (let index = 1; index <= 60; index += 1)
      await stage.world.ask({ channel: "C1", name: "support", question: `question ${index}` });
    const first = await stage.page(at("C1"));
    expect(textOf(first)).toContain("question 50 ");
    expect(textOf(first)).not.toContain("question 51 ");
    expect(first).toContain("Later turns");
    const turn = Number(
      /href="[^"]*turn=(\d+)[^"]*"[^>]*>\s*question 57\s*</.exec(await stage.page("/admin?show=turns"))?.[1],
    );
    const there = await stage.page(
      conversationPath({ place: placeOf("C1"), generation: 1 }, { turn }).split("#")[0]!,
    );
    expect(textOf(there)).toContain("question 57 ");
    expect(textOf(there)).toContain("question 60 ");
    expect(textOf(there)).not.toContain("question 56 ");
    expect(textOf(there)).toContain("From the beginning");
    // A turn of another place tells nothing of when that was.
    await stage.world.ask({ channel: "C9", question: "elsewhere" });
    const other = await stage.page(`${at("C1")}?turn=61`);
    expect(textOf(other)).toContain("question 1 ");
  });
});

describe("a reply that is being written", () => {
  const events = (text: string) => [...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);

  it("is followed until it has ended: each state once, at most one look a second", async () => {
    let looks = 0;
    stage = consoleStage((admin) => ({
      turns: (who, request) => {
        looks += 1;
        return admin.turns(who, request);
      },
    }));
    const { bench, clock } = stage.world;
    const { live, finish } = await playMonth(bench);
    const page = await stage.page(conversationPath({ place: live, generation: 1 }));
    const path = /data-live="([^"]+)"/.exec(page)?.[1] ?? "";
    expect(textOf(page)).toMatch(/Patch is writing….*With du and sort/);
    looks = 0;
    const response = await stage.get(path, { accept: "text/event-stream" });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const whole = response.text();
    const pass = () => clock.advance(1_000);
    await pass();
    await pass();
    await finish("With `du`, **and that is all**.");
    await pass();
    await pass();
    const text = await whole;
    expect(events(text)).toEqual(["turn", "turn", "end"]);
    expect(text).toContain("<strong>and that is all</strong>");
    expect(looks).toBeLessThanOrEqual(4);
    expect(clock.sleeping()).toBe(0);
  });

  it("is no longer shown to who is signed out, or looks away", async () => {
    const { bench, clock } = stage.world;
    const { live } = await playMonth(bench);
    const page = await stage.page(conversationPath({ place: live, generation: 1 }));
    const path = /data-live="([^"]+)"/.exec(page)?.[1] ?? "";
    const response = await stage.get(path, { accept: "text/event-stream" });
    const text = response.text();
    await clock.advance(1_000);
    stage.signIn(undefined);
    await clock.advance(1_000);
    expect(events(await text)).toEqual(["turn", "end"]);
    stage.signIn(OPERATOR);
    const again = await stage.get(path, { accept: "text/event-stream" });
    await again.body?.cancel();
    await clock.advance(2_000);
    expect(clock.sleeping()).toBe(0);
  });
});

describe("what became of a message", () => {
  const explanation: Explanation = {
    link: "https://acme.slack.com/archives/C1/p1",
    answered: false,
    rules: [
      { says: "It was written by a person.", outcome: "passes" },
      { says: "It mentions <nobody>.", outcome: "decides" },
      { says: "It is in a thread.", outcome: "not_tried" },
    ],
    given: {
      heard: 3,
      messages: [
        {
          sentAt: Date.UTC(2026, 10, 28, 9, 5),
          userId: "U2",
          userName: "<i>Bob</i>",
          link: "https://acme.slack.com/p2",
        },
        { userId: "forgotten", userName: "forgotten" },
        {},
      ],
      earlierTurns: 2,
      input: "<b>what</b>",
    },
    settings: { model: "zai-org/GLM-5.2" },
    gaps: ["The platform could not be asked."],
  };

  it("is said rule by rule, with what the model was given, what held, and what is not known", async () => {
    stage = consoleStage(() => ({ explain: async () => explanation }));
    const page = textOf(
      await stage.page("/admin/explain?link=https%3A%2F%2Facme.slack.com%2Farchives%2FC1%2Fp1"),
    );
    expect(page).toContain("It was not answered.");
    expect(page).toMatch(/written by a person\. passes.*mentions <nobody>\. decides.*in a thread\./);
    expect(page).toContain(
      "2 earlier turns of the conversation, and 3 messages that were no question to it:",
    );
    expect(page).toMatch(/<i>Bob<\/i>, 09:05.*somebody who is forgotten.*somebody, of whom no note was kept/);
    expect(page).toContain("<b>what</b>");
    expect(page).toContain("The platform could not be asked.");
  });

  it("is asked for by its link", async () => {
    const form = /name="link"\s+type="url"\s+required[^>]*value="([^"]*)"/;
    expect(form.exec(await stage.page("/admin/explain"))?.[1]).toBe("");
    stage = consoleStage(() => ({ explain: async () => explanation }));
    expect(
      form.exec(await stage.page(`/admin/explain?link=${encodeURIComponent(explanation.link)}`))?.[1],
    ).toBe(explanation.link);
  });
});
