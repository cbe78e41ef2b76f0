import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Attempt, SignedIn, SignIn } from "../../src/chat/sign-in.ts";
import { PatchcordError } from "../../src/errors.ts";

/** What the suite needs of the platform's side. */
export interface SignInHarness {
  create(more?: { secret?: string }): SignIn;
  readonly person: { readonly id: string; readonly name: string };
  readonly admin: { readonly id: string };
  readonly workspace: { readonly id: string; readonly name: string };
  /** Lets the platform's time go on. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const attempt: Attempt = {
  state: "state-1&x=<y>",
  nonce: "nonce-1",
  verifier: "v".repeat(43),
  redirectUri: "http://127.0.0.1:9/admin/back?of=slack",
};

/** The duties of `SignIn`, for every adapter that has it. */
export function describeSignIn(name: string, open: () => Promise<SignInHarness>): void {
  describe(`sign-in contract: ${name}`, () => {
    let harness: SignInHarness;
    let signIn: SignIn;
    beforeEach(async () => {
      harness = await open();
      signIn = harness.create();
    });
    afterEach(() => harness.close());

    /** The person presses their button on the consent page, and is sent back. */
    const consent = async (as: string, given = attempt): Promise<URL> => {
      const url = await signIn.begin(given);
      const page = await (await fetch(url)).text();
      expect(page).toContain(`value="${as}"`);
      expect(page).not.toContain("<y>");
      url.searchParams.set("as", as);
      const response = await fetch(url, { redirect: "manual" });
      expect(response.status).toBe(302);
      return new URL(response.headers.get("location") ?? "");
    };
    const codeFor = async (as: string) => (await consent(as)).searchParams.get("code") ?? "";
    const refused = async (work: Promise<SignedIn>) => {
      const error: unknown = await work.catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(PatchcordError);
      expect(error).toMatchObject({ code: "sign_in_refused" });
    };

    test("sends the person to the platform, and back with the state and a code", async () => {
      const back = await consent(harness.person.id);
      expect(back.href.startsWith(attempt.redirectUri)).toBe(true);
      expect(back.searchParams.get("state")).toBe(attempt.state);
      expect(back.searchParams.get("code")).not.toBe("");
    });

    test("tells who came back, and which workspaces they run", async () => {
      const { person, admin, workspace } = harness;
      const common = { platform: signIn.name, ...person, workspaces: [{ ...workspace, manages: false }] };
      const { id: userId, ...rest } = common;
      expect(await signIn.finish(attempt, await codeFor(person.id))).toEqual({ ...rest, userId });
      const told = await signIn.finish(attempt, await codeFor(admin.id));
      expect(told).toMatchObject({ userId: admin.id, workspaces: [{ ...workspace, manages: true }] });
    });

    test("takes a code once, and not after its time", async () => {
      const code = await codeFor(harness.person.id);
      await signIn.finish(attempt, code);
      await refused(signIn.finish(attempt, code));
      const late = await codeFor(harness.person.id);
      await harness.pass(11 * 60_000);
      await refused(signIn.finish(attempt, late));
      await refused(signIn.finish(attempt, "no code"));
    });

    test.each([
      ["verifier", { verifier: "w".repeat(43) }],
      ["address", { redirectUri: "http://127.0.0.1:9/other" }],
    ])("refuses a code with another %s", async (_, change) => {
      await refused(signIn.finish({ ...attempt, ...change }, await codeFor(harness.person.id)));
    });

    test("refuses a code with another secret", async () => {
      await refused(harness.create({ secret: "wrong" }).finish(attempt, await codeFor(harness.person.id)));
    });
  });
}
