import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { slackFetch } from "../../src/slack/fetch.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  ends.push(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/x`;
}

test("an answer's status, headers and body are as the server gave them, whatever the status", async () => {
  const url = await serve((request, response) => {
    let sent = "";
    request.setEncoding("utf8").on("data", (piece: string) => void (sent += piece));
    request.on("end", () => {
      const said = { method: request.method, type: request.headers["content-type"], sent };
      response.writeHead(429, { "Retry-After": "3", "X-Two": ["a", "b"] }).end(JSON.stringify(said));
    });
  });
  const answer = await slackFetch(url, { method: "POST", headers: { "Content-Type": "a/b" }, body: "é=1" });
  expect([answer.ok, answer.status, answer.statusText, answer.url]).toEqual([
    false,
    429,
    "Too Many Requests",
    url,
  ]);
  expect([answer.headers.get("retry-after"), answer.headers.get("Retry-After")]).toEqual(["3", "3"]);
  expect([answer.headers.get("x-two"), answer.headers.get("none")]).toEqual(["a,b", null]);
  expect(Object.fromEntries(answer.headers.entries())).toMatchObject({ "retry-after": "3" });
  expect(await answer.json()).toEqual({ method: "POST", type: "a/b", sent: "é=1" });
  expect(JSON.parse(await answer.text())).toEqual(await answer.json());
  expect(new TextDecoder().decode(await answer.arrayBuffer())).toBe(await answer.text());
});

test("a redirect is not followed: the token goes to Slack alone", async () => {
  const asked: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    asked.push(request.url);
    response.writeHead(302, { location: "/elsewhere" }).end();
  });
  expect((await slackFetch(url)).status).toBe(302);
  expect(asked).toEqual(["/api/x"]);
});

test("a signal ends the call, also while the body comes", async () => {
  const stop = new AbortController();
  const url = await serve((_, response) => {
    response.writeHead(200).write("{");
    stop.abort(new Error("enough"));
  });
  await expect(slackFetch(url, { signal: stop.signal })).rejects.toThrow("enough");
});

test("what is not text is refused", async () => {
  await expect(slackFetch("http://127.0.0.1:9/", { body: new FormData() })).rejects.toThrow(TypeError);
});
