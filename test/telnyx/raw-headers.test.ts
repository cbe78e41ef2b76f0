import { Agent, type Dispatcher } from "undici";
import { expect, it } from "vitest";
import { withoutRawHeaders } from "../../src/telnyx/raw-headers.ts";
import { startServer } from "./server.ts";

it("lets go of the headers as they came once they were handed over, and of nothing else", async () => {
  const server = await startServer((_, response) => {
    response.setHeader("x-request-id", "r1");
    response.end("some words");
  });
  const agent = new Agent();
  const seen: { controller?: Dispatcher.DispatchController; came?: unknown } = {};
  /** Next to the connection: what is handed to `withoutRawHeaders` is seen here first. */
  const watched: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
    dispatch(options, {
      ...withHandler(handler),
      onResponseStart: (controller, ...head) => {
        seen.controller = controller;
        seen.came = controller.rawHeaders;
        handler.onResponseStart?.(controller, ...head);
      },
    });
  const response = await agent
    .compose(watched, withoutRawHeaders)
    .request({ origin: new URL(server.url).origin, path: "/", method: "GET" });
  expect(seen.came).toBeInstanceOf(Array);
  expect(seen.controller?.rawHeaders).toBeNull();
  expect([response.statusCode, response.headers["x-request-id"]]).toEqual([200, "r1"]);
  expect(await response.body.text()).toBe("some words");
  await agent.close();
  await server.close();
});

const withHandler = (handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler => ({
  onRequestStart: (...args) => handler.onRequestStart?.(...args),
  onResponseData: (...args) => handler.onResponseData?.(...args),
  onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
  onResponseError: (...args) => handler.onResponseError?.(...args),
});
