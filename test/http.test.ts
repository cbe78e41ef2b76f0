import { connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import type { Platform } from "../src/chat/platform.ts";
import { PatchcordError } from "../src/errors.ts";
import { createHttp, type HttpServer, listen } from "../src/http.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const platform = (http?: Platform["http"]): Platform => ({
  name: "fake",
  limits: { pageLength: 100, budgets: [] },
  start: async () => undefined,
  post: () => Promise.reject(new Error("not used")),
  edit: async () => undefined,
  stop: async () => undefined,
  ...(http && { http }),
});
const FIGURES = { contentType: "text/plain; version=0.0.4", text: async () => "patchcord_paints_total 3\n" };
const WELL = { ready: true, problems: [] };
const open = async (at: { host: string; port: number }, isReady = true): Promise<HttpServer> => {
  const server = await listen(
    createHttp(
      () => [],
      () => (isReady ? WELL : { ...WELL, ready: false }),
      FIGURES,
    ),
    at,
  );
  closers.push(() => server.close());
  return server;
};
const refusalOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (error: unknown) => (error instanceof PatchcordError ? error : undefined),
  );
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === "::1"),
);
const ANY = { host: "127.0.0.1", port: 0 };

describe("the HTTP port", () => {
  it("gives what was measured, as Prometheus reads it", async () => {
    const response = await createHttp(
      () => [],
      () => WELL,
      FIGURES,
    ).request("/metrics");
    expect([response.status, await response.text()]).toEqual([200, "patchcord_paints_total 3\n"]);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4");
  });

  it("tells whether messages are taken now", async () => {
    let ready = false;
    let problems: string[] = [];
    const app = createHttp(
      () => [platform()],
      () => ({ ready, problems }),
      FIGURES,
    );
    expect((await app.request("/healthz")).status).toBe(503);
    ready = true;
    const response = await app.request("/healthz");
    expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
    problems = ["Slack is not heard at the moment: xoxb-1234567890 was refused."];
    const unwell = await app.request("/healthz");
    expect([unwell.status, await unwell.json()]).toEqual([
      503,
      { status: "unwell", problems: ["Slack is not heard at the moment: [secret] was refused."] },
    ]);
    problems = [];
    expect((await app.request("/healthz")).status).toBe(200);
    ready = false;
    expect((await app.request("/healthz")).status).toBe(503);
  });

  it("hands what a platform is sent to that platform, body and headers as they came", async () => {
    const seen: string[] = [];
    const handle = async (request: Request) => {
      seen.push(request.headers.get("x-slack-signature") ?? "", await request.text());
      return new Response("challenge", { status: 201 });
    };
    const app = createHttp(
      () => [platform(), platform({ path: "/slack/events", handle })],
      () => WELL,
      FIGURES,
    );
    const response = await app.request("/slack/events", {
      method: "POST",
      headers: { "x-slack-signature": "v0=ab" },
      body: '{ "a":  1 }\n',
    });
    expect([response.status, await response.text()]).toEqual([201, "challenge"]);
    expect(seen).toEqual(["v0=ab", '{ "a":  1 }\n']);
    expect((await app.request("/slack/events")).status).toBe(404);
  });

  it("knows nothing else", async () => {
    const app = createHttp(
      () => [platform()],
      () => WELL,
      FIGURES,
    );
    expect((await app.request("/")).status).toBe(404);
    expect((await app.request("/slack/events", { method: "POST" })).status).toBe(404);
    expect((await app.request("/healthz", { method: "POST" })).status).toBe(404);
  });

  it("says where it listens", async () => {
    const { url } = await open(ANY);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it.skipIf(!hasIpv6)("says where it listens at an IPv6 address", async () => {
    const six = await open({ host: "::1", port: 0 });
    expect(six.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${six.url}/healthz`)).status).toBe(200);
  });

  it("that is taken is said so, with the variable to change", async () => {
    const { url } = await open(ANY);
    const port = Number(new URL(url).port);
    const refusal = await refusalOf(
      listen(
        createHttp(
          () => [],
          () => WELL,
          FIGURES,
        ),
        { ...ANY, port },
      ),
    );
    expect(refusal?.code).toBe("port_taken");
    expect(refusal?.message).toMatch(new RegExp(`${port}.*set PORT`));
  });

  it("at a host that is not this machine's is said so, with the variable to change", async () => {
    const app = createHttp(
      () => [],
      () => WELL,
      FIGURES,
    );
    const foreign = await refusalOf(listen(app, { host: "192.0.2.1", port: 0 }));
    expect([foreign?.code, foreign?.message]).toEqual(["host_unknown", expect.stringMatching(/set HOST/)]);
  });

  it("closes at once, though somebody holds a connection open", async () => {
    const server = await listen(
      createHttp(
        () => [],
        () => WELL,
        FIGURES,
      ),
      ANY,
    );
    const { hostname, port } = new URL(server.url);
    const silent = connect(Number(port), hostname);
    await new Promise((resolve) => silent.once("connect", resolve));
    const closed = new Promise((resolve) => silent.once("close", resolve));
    await server.close();
    await closed;
    // The port is free again.
    const next = createServer().listen(Number(port), hostname);
    await new Promise((resolve) => next.once("listening", resolve));
    await new Promise((resolve) => next.close(resolve));
  });
});

describe("what admins reach by the HTTP port", () => {
  it("is there when it is open, with all that a request brings along, and says to wait until then", async () => {
    const open: { faces?: Hono } = {};
    const app = createHttp(
      () => [],
      () => WELL,
      FIGURES,
      () => open.faces && Promise.resolve(open.faces),
    );
    const early = await app.request("/admin");
    expect([early.status, early.headers.get("retry-after")]).toEqual([503, "5"]);
    expect((await app.request("/api/v1/turns", { method: "POST" })).status).toBe(503);
    open.faces = new Hono().all("*", async (context) =>
      context.text(
        [context.req.method, context.req.path, await context.req.text(), JSON.stringify(context.env)].join(
          " ",
        ),
      ),
    );
    const post = await app.request("/api/v1/turns", { method: "POST", body: "body" }, { incoming: "socket" });
    expect(await post.text()).toBe('POST /api/v1/turns body {"incoming":"socket"}');
    for (const path of ["/admin", "/admin/", "/admin/assets/base.css", "/api/v1"])
      expect((await app.request(path)).status, path).toBe(200);
    for (const path of ["/administrator", "/apis", "/"])
      expect((await app.request(path)).status, path).toBe(404);
  });
});
