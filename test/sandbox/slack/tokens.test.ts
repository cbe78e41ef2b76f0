import { expect, it } from "vitest";
import { call, codeOf, openSocket, useScenes } from "./helpers.ts";

const { scene } = useScenes();

it("a token that is refused gets the same code from every method, until it is taken again", async () => {
  const { twin } = await scene();
  const socket = await openSocket(twin);
  twin.refuseToken("bot", "account_inactive");
  expect(await codeOf(twin, "auth.test")).toBe("account_inactive");
  expect((await call(twin, "users.conversations")).body).toEqual({ ok: false, error: "account_inactive" });
  expect(await codeOf(twin, "apps.connections.open", {}, twin.appToken)).toBe("ok");
  expect(socket.closed()).toBe(false);
  expect(twin.calls.at(-2)).toMatchObject({
    method: "users.conversations",
    answer: { error: "account_inactive" },
  });
  twin.refuseToken("app");
  expect(await codeOf(twin, "apps.connections.open", {}, twin.appToken)).toBe("token_revoked");
  twin.acceptToken("bot");
  expect(await codeOf(twin, "auth.test")).toBe("ok");
  expect(await codeOf(twin, "apps.connections.open", {}, twin.appToken)).toBe("token_revoked");
});
