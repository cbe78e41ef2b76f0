import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { conversationPath } from "../../../src/admin/console/paths.ts";
import { inChannel, placeOf, viewer } from "../world.ts";
import { playMonth } from "./month.ts";
import { type ConsoleStage, consoleStage, textOf } from "./stage.ts";

let stage: ConsoleStage;
beforeEach(async () => {
  stage = consoleStage();
  await stage.world.ask({ channel: "C1", name: "support", question: "Can I have a refund?" });
  await stage.world.ask({ channel: "C1", name: "helpdesk", question: "And a voucher?" });
  await stage.world.ask({ channel: "C2", name: "board", kind: "private", question: "Whom do we refund?" });
});
afterEach(() => stage.world.bench.close());

const path = (q: string, others: Record<string, string> = {}) =>
  `/admin?${new URLSearchParams({ q, ...others }).toString()}`;

describe("the search", () => {
  it("lists the conversations that meet the query, with a way into each", async () => {
    const page = await stage.page(path("channel:support"));
    expect(textOf(page)).toMatch(/1 conversation\b.*#helpdesk/);
    expect(page).toContain('href="/admin/conversations/slack%3AT1%3AC1%3A1700000000.000100/1"');
    expect(page).not.toContain("#board");
  });

  it("lists turns with what was asked", async () => {
    const page = textOf(await stage.page(path("refund", { show: "turns" })));
    expect(page).toMatch(/2 turns/);
    expect(page).toContain("Whom do we refund?");
    expect(page).toContain("Grace Hopper in #board");
  });

  it("is a link: the query stands in its box, and each head sorts by itself, the other way when it does", async () => {
    const page = await stage.page(path('channel:support "a refund" sort:turns'));
    expect(page).toContain('value="channel:support &quot;a refund&quot; sort:turns"');
    expect(page).toMatch(/aria-sort="descending">\s*<a href="[^"]*sort%3A%2Bturns"/);
    expect(page).toMatch(/aria-sort="none">\s*<a href="[^"]*sort%3Acost"/);
  });

  it("goes on page by page", async () => {
    for (let index = 0; index < 51; index += 1)
      await stage.world.ask({ channel: `X${index}`, name: `many-${index}`, question: "again" });
    const first = await stage.page(path("channel:many*"));
    expect(textOf(first)).toContain("50 conversations, and there are more");
    const next = /<a\s+rel="next"\s+href="([^"]+)"/.exec(first)?.[1]?.replaceAll("&amp;", "&");
    const second = await stage.page(next!);
    expect(textOf(second)).toContain("The next 1 conversation");
    expect(textOf(second)).toContain("#many-0");
  });

  it("goes on page by page with turns as well", async () => {
    for (let index = 0; index < 50; index += 1)
      await stage.world.ask({ channel: "C1", question: `Number ${index}?` });
    const first = await stage.page(path("", { show: "turns" }));
    const next = /href="([^"]*after=[^"]*)"/.exec(first)?.[1]?.replaceAll("&amp;", "&");
    expect(textOf(await stage.page(next ?? ""))).toMatch(/3 (?:more )?turns.*Can I have a refund/);
  });

  it("says why there is nothing", async () => {
    const page = await stage.page(path("channel:nowhere"));
    expect(textOf(page)).toContain("No conversations meet this query");
    const empty = consoleStage();
    expect(textOf(await empty.page("/admin"))).toContain("No conversations yet:");
    await empty.world.bench.close();
  });

  it("shows the place of what is wrong, and the nearest right form as a link", async () => {
    const response = await stage.get(path("chanel:support status:failed"));
    expect(response.status).toBe(422);
    const page = await response.text();
    expect(page).toContain("<mark>chanel");
    expect(page).toContain('href="/admin?q=channel%3Asupport+status%3Afailed"');
  });

  it.each(["", "&show=turns", "&by=channel"])(
    "of 10,000 terms is refused at once, with a page that says how many can be asked%s",
    async (rest) => {
      const terms = Array.from({ length: 10_000 }, (_, index) => `-channel:c${index}`).join(" ");
      const response = await stage.get(`/admin?q=${encodeURIComponent(terms)}${rest}`);
      expect(response.status).toBe(422);
      expect(textOf(await response.text())).toMatch(/The query has \d+ characters, and 4000 are the most/);
    },
  );

  it("shows what the query becomes, here and at Telnyx", async () => {
    const page = textOf(await stage.page(path("channel:C0123ABCD9 kind:public")));
    expect(page).toMatch(/In the index.*SELECT/i);
    expect(page).toContain("metadata->channel_id eq C0123ABCD9");
  });

  it("refuses a page of another search in a sentence", async () => {
    const response = await stage.get(path("", { after: "not-a-cursor" }));
    expect(response.status).toBe(422);
    expect(textOf(await response.text())).toContain("This cannot be asked");
  });

  it("sends the address of a message to where it is explained", async () => {
    const response = await stage.get(path(" https://acme.slack.com/archives/C1/p1700000000000100 "));
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(
      "/admin/explain?link=https%3A%2F%2Facme.slack.com%2Farchives%2FC1%2Fp1700000000000100",
    );
  });
});

describe("a query that finds nothing", () => {
  it("leads to what may have been meant", async () => {
    const page = await stage.page(path("channel:help refund"));
    expect(textOf(page)).toContain(
      "Nothing that you may see meets channel:help by itself. Near it: channel:help*",
    );
    expect(page).toContain('href="/admin?q=channel%3Ahelp*+refund"');
    const usage = await stage.page("/admin/usage?q=channel:suport");
    expect(textOf(usage)).toContain("meets channel:suport by itself. Near it: channel:support");
    expect(textOf(await stage.page(path("nowhere refund")))).toMatch(/meets nowhere by itself\. (?!Near)/);
    const each = textOf(await stage.page(path("channel:support channel:board")));
    expect(each).toContain("No conversations meet this query");
    expect(each).not.toContain("by itself");
  });
});

describe("a conversation in a thread without a name", () => {
  it("is told by how it begins, to whoever may read that, and to others by its channel", async () => {
    const question = "<b>Where</b> is **order 99**?";
    await stage.world.ask({ channel: "C7", name: "returns", inThread: true, question });
    const named = "#returns › <b>Where</b> is order 99? T1 · Slack";
    expect(textOf(await stage.page(path("channel:returns")))).toContain(named);
    const open = await stage.page(conversationPath({ place: placeOf("C7"), generation: 1 }));
    expect(textOf(open)).toContain("#returns › <b>Where</b> is order 99? · patchcord");
    expect(open).toContain('href="/admin/explain?link=https%3A%2F%2Facme.slack.com%2Farchives%2FC7%2F');
    stage.signIn(viewer({ where: inChannel("C7"), reads: "metadata", private: false }));
    const kept = textOf(await stage.page(path("channel:returns")));
    expect(kept).toMatch(/#returns Not yours to read T1 · Slack/);
    expect(kept).not.toContain("order 99");
  });
});

describe("a month of conversations", () => {
  it("is told apart by what matters: what failed, what is private, what is being answered", async () => {
    await playMonth(stage.world.bench);
    const page = textOf(await stage.page(path("")));
    expect(page).toMatch(/#engineering › The last one Being answered Acme · Slack/);
    expect(page).toMatch(/#board › Order \d+ Private/);
    expect(page).toMatch(/#general › Order \d+ 1 failure Alpine Climbers · Discord/);
    expect(page).toMatch(/DM with [^<]+ Acme · Slack/);
  });
});

describe("what the script asks for", () => {
  it("is the results alone, and a wrong query is no failure of it", async () => {
    const right = await stage.get("/admin/results?q=channel:support", { "x-console": "part" });
    expect(right.headers.get("x-found")).toBe("found");
    expect(await right.text()).not.toContain("<html");
    const wrong = await stage.get("/admin/results?q=channel:", { "x-console": "part" });
    expect([wrong.status, wrong.headers.get("x-found")]).toEqual([200, "wrong"]);
  });

  it("completes fields and the names that the viewer may see", async () => {
    const items = async (q: string) => {
      const response = await stage.get(
        `/admin/complete?${new URLSearchParams({ q, at: String(q.length) }).toString()}`,
      );
      const { items: found } = (await response.json()) as { items: { text: string }[] };
      return found.map(({ text }) => text);
    };
    // What came since is taken into the index with the next search.
    await stage.page("/admin");
    expect(await items("chan")).toEqual(["channel:"]);
    expect(await items("channel:b")).toEqual(["board"]);
    stage.signIn(viewer({ where: inChannel("C1"), reads: "content", private: false }));
    expect(await items("channel:b")).toEqual([]);
    expect(await items("channel:sup")).toEqual(["support"]);
  });

  it("tells nobody who is not signed in anything but that", async () => {
    stage.signIn(undefined);
    for (const path of ["/admin/results", "/admin/complete?q=channel:&at=8"]) {
      const response = await stage.get(path, { "x-console": "part" });
      expect([response.status, await response.text()]).toEqual([401, "Sign in again."]);
    }
  });
});

describe("a viewer with a grant", () => {
  it("finds nothing beyond it, and reads no more than it says", async () => {
    stage.signIn(viewer({ where: inChannel("C1", "C2"), reads: "content", private: false }));
    const page = textOf(await stage.page(path("", { show: "turns" })));
    expect(page).toContain("Can I have a refund?");
    expect(page).not.toContain("Whom do we refund?");
    expect(page).toContain("Something was said here that is not yours to read.");
    expect(textOf(await stage.page(path("")))).toMatch(/#board.*Not yours to read/);
  });
});
