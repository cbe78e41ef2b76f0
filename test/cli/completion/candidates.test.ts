import { Argument, Command, Option } from "commander";
import { describe, expect, it } from "vitest";
import type { ValuesOf } from "../../../src/admin/query/complete.ts";
import { candidatesFor } from "../../../src/cli/completion/candidates.ts";

function program(): Command {
  const all = new Command("patchcord");
  all.command("start");
  all.command("secret", { hidden: true });
  all.command("completion").addArgument(new Argument("<shell>").choices(["bash", "zsh"]));
  const conversations = all.command("conversations");
  conversations.command("show").argument("<query...>").option("--json", "as JSON");
  all
    .command("turns")
    .argument("[query...]")
    .option("--limit <number>", "how many")
    .addOption(new Option("--order <word>").choices(["up", "down"]))
    .option("--all", "all of them");
  return all;
}

const NAMES = ["support", "Order 17"];
const names: ValuesOf = async (what, prefix) =>
  what === "channel" ? NAMES.filter((name) => name.startsWith(prefix)) : [];

/** Words and the one at the cursor, which is the last. */
async function complete(...typed: string[]): Promise<string[]> {
  const found = await candidatesFor(
    program(),
    { words: typed.slice(0, -1), current: typed.at(-1) ?? "" },
    names,
  );
  return found.map(({ text }) => text);
}

describe("what may stand at the cursor", () => {
  it("is a command, but for hidden ones", async () => {
    expect(await complete("")).toEqual(["start", "completion", "conversations", "turns", "help"]);
    expect(await complete("co")).toEqual(["completion", "conversations"]);
    expect(await complete("conversations", "")).toEqual(["show", "help"]);
    expect(await complete("nothing", "")).toEqual([]);
  });

  it("is an option, its value, or one of an argument's words", async () => {
    expect(await complete("turns", "--al")).toEqual(["--all"]);
    expect(await complete("turns", "--order", "")).toEqual(["up", "down"]);
    expect(await complete("turns", "--limit", "chan")).toEqual([]);
    expect(await complete("completion", "z")).toEqual(["zsh"]);
  });

  it("is a field of a query or a name, behind options and -- as well", async () => {
    expect(await complete("turns", "chan")).toEqual(["channel:", "channel:support", 'channel:"Order 17"']);
    expect(await complete("turns", "--limit", "9", "channel:su")).toEqual(["channel:support"]);
    expect(await complete("conversations", "show", "channel:Or")).toEqual(['channel:"Order 17"']);
    expect(await complete("turns", "--", "-channel:su")).toEqual(["-channel:support"]);
    expect(await complete("turns", "status:f")).toContain("status:failed");
  });

  it("goes on within a word that holds several terms", async () => {
    expect(await complete("turns", "after:7d channel:su")).toEqual(["after:7d channel:support"]);
    expect(await complete("turns", "kind:dm", "channel:su")).toEqual(["channel:support"]);
  });
});
