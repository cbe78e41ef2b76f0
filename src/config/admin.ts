import { z } from "zod";
import { GRANTABLE, isWho, WHO_EXAMPLES } from "../admin/access/people.ts";
import { whereOf } from "../admin/access/where.ts";
import { retainRuleIn } from "../admin/retain.ts";
import { isNetwork } from "../admin/session/proxies.ts";
import { PatchcordError } from "../errors.ts";
import { QueryError } from "../admin/query/error.ts";

const where = z
  .string()
  .max(2_000)
  .check(({ value, issues }) => {
    try {
      whereOf(value);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      issues.push({ code: "custom", input: value, message: error.message });
    }
  })
  .describe(
    "Where: a query by platform, workspace, channel, kind, topic, parent, thread or place, such as `channel:support`. Ids are safer than names, which people can change. An empty text: everywhere.",
  );

const grant = z
  .strictObject({
    who: z
      .string()
      .refine(isWho, `names nobody: write a person or a group like ${WHO_EXAMPLES.join(", ")}`)
      .describe(
        "A person, by ids (slack:T0123ABCD:U0123ABCD, discord:123456789012345678), or whoever runs a workspace (slack:workspace-admins, discord:manage-server): those see their own workspace alone.",
      ),
    where,
    reads: z
      .enum(["content", "metadata"])
      .default("metadata")
      .describe(
        "metadata: who asked when and where, what it cost and how it ended. content: what was said, too.",
      ),
    private: z
      .boolean()
      .default(false)
      .describe("Whether content may be read in direct messages and private channels, too."),
    rights: z
      .array(z.enum(GRANTABLE))
      .default([])
      .describe(
        "What may be done besides looking: export, forget, hold, and audit, which tells what they did themselves.",
      ),
  })
  .describe("What somebody may see. Several grants add up.");

const pattern = z
  .string()
  .max(500)
  .check(({ value, issues }) => {
    const message = patternProblem(value);
    if (message !== undefined) issues.push({ code: "custom", input: value, message });
  });

function patternProblem(value: string): string | undefined {
  try {
    return new RegExp(value, "iu").test("")
      ? "also means what is empty: write what has to be there"
      : undefined;
  } catch {
    return "is no regular expression of JavaScript: try it there with the flags i and u";
  }
}

const rule = z
  .string()
  .max(2_000)
  .check(({ value, issues }) => {
    try {
      retainRuleIn(value);
    } catch (error) {
      if (!(error instanceof PatchcordError)) throw error;
      issues.push({ code: "custom", input: value, message: error.message });
    }
  })
  .describe(
    "How long, from 1d, and where, such as `90d where kind:dm`: by the same fields as a grant. Older turns are forgotten here one by one; their conversation at Telnyx is deleted with the first of them.",
  );

/** Who asks what, and what becomes of what was said. */
export const adminSchema = z
  .strictObject({
    grants: z
      .array(grant)
      .max(1_000)
      .default([])
      .describe("Who may see which conversations. Nobody else may."),
    redact: z
      .array(pattern)
      .max(100)
      .default([])
      .describe(
        "What a redacted export leaves out, besides people's names, e-mail addresses, numbers of phones, cards and accounts: regular expressions, in capitals or not.",
      ),
    retain: z
      .array(rule)
      .max(100)
      .default([])
      .describe(
        "How long what was said is kept. What no rule covers is kept for ever, and so is what is on hold.",
      ),
    trusted_proxies: z
      .array(
        z
          .string()
          .max(50)
          .refine(isNetwork, "is no address and no network: write one like 10.0.0.7, 10.0.0.0/8 or fd00::/8"),
      )
      .max(100)
      .default([])
      .describe(
        "The proxies before the bot that are on other machines, by address or network. What they say of where a request comes from (X-Forwarded-For) is believed, by which tries to sign in are limited.",
      ),
  })
  .prefault({})
  .describe("Who may look at conversations.");
