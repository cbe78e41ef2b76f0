import { describe, expect, test } from "vitest";
import { model } from "../../../src/sandbox/telnyx/models.ts";
import { eventually, MODEL, start, turn } from "./client.ts";

const UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const PATH = "/ai/openai/responses";

describe("a request", () => {
  const message = (content: unknown, role = "user") => [{ role, content }];

  test.each([
    ["without a model", { input: "x" }, 422, "model"],
    ["without input", { model: MODEL }, 422, "input"],
    ["with a number as input", { model: MODEL, input: 1 }, 422, "input"],
    ["with a conversation that is no UUID", turn("x", { conversation: "c1" }), 422, "conversation"],
    ["with OpenAI's conversation object", turn("x", { conversation: { id: UNKNOWN } }), 422, "conversation"],
    ["with a word as stream", turn("x", { stream: "yes" }), 422, "stream"],
    ["with a list as instructions", turn("x", { instructions: [] }), 422, "instructions"],
    ["with empty input", { model: MODEL, input: [] }, 400, "input"],
    ["with an unknown item", { model: MODEL, input: [{ type: "dream" }] }, 400, "input[0].type"],
    ["with an unknown role", { model: MODEL, input: message("x", "boss") }, 400, "input[0].role"],
    [
      "with chat's part type",
      { model: MODEL, input: message([{ type: "text", text: "x" }]) },
      400,
      "input[0].content[0].type",
    ],
    [
      "with input text from the assistant",
      { model: MODEL, input: message([{ type: "input_text", text: "x" }], "assistant") },
      400,
      "input[0].content[0].type",
    ],
    [
      "with a part without text",
      { model: MODEL, input: message([{ type: "input_text" }]) },
      400,
      "input[0].content[0].text",
    ],
    ["with a model that writes no text", { ...turn("x"), model: "thenlper/gte-large" }, 400, "model"],
  ])("%s is refused", async (_what, body, status, where) => {
    const { call } = await start();
    const reply = await call("POST", PATH, body);
    expect(reply.status).toBe(status);
    if (status === 422) expect(reply.body.detail[0].loc).toEqual(["body", where]);
    else
      expect(reply.body).toMatchObject({
        error: { param: where, type: "invalid_request_error" },
        errors: [{}],
      });
  });

  test("with fields that nobody knows is answered as if they were not there", async () => {
    const { respond } = await start();
    expect((await respond("hi", { temperature: "hot", user: 7, x: null })).status).toBe(200);
  });

  test.each([404, 400, 422] as const)(
    "for an unknown conversation or model is refused as switched: %d",
    async (status) => {
      const { respond } = await start({ switches: { unknownConversation: status, unknownModel: status } });
      expect((await respond("hi", { conversation: UNKNOWN })).status).toBe(status);
      const reply = await respond("hi", { model: "no/such" });
      expect([reply.status, reply.body.error.code]).toEqual([status, "model_not_found"]);
    },
  );

  test("on a conversation with ai_disabled is 400", async () => {
    const { respond, conversation } = await start();
    const id = await conversation({ metadata: { ai_disabled: "true" } });
    expect((await respond("hi", { conversation: id })).status).toBe(400);
    const open = await conversation({ metadata: { ai_disabled: "false" } });
    expect((await respond("hi", { conversation: open })).status).toBe(200);
  });

  test("may name its conversation in capitals, and carry images, of which nothing is stored", async () => {
    const { respond, conversation, twin } = await start();
    const id = await conversation();
    const content = [
      { type: "input_text", text: "look" },
      { type: "input_image", detail: "auto", image_url: "data:image/png;base64,AAAA" },
    ];
    const reply = await respond("", { conversation: id.toUpperCase(), input: [{ role: "user", content }] });
    expect(reply.status).toBe(200);
    expect(twin.state.messages(id)[0]).toMatchObject({ role: "user", text: "look" });
  });

  test("with previous_response_id has it ignored, or is 400, as switched", async () => {
    const { respond, twin } = await start();
    expect((await respond("hi", { previous_response_id: "resp_1" })).status).toBe(200);
    twin.switches.previousResponseId = "refuse";
    expect((await respond("hi", { previous_response_id: "resp_1" })).status).toBe(400);
    expect((await respond("hi")).status).toBe(200);
  });

  test("that does not fit the model's context is 400, history counted", async () => {
    const { respond, conversation, twin } = await start({ models: [model(MODEL, { context_length: 100 })] });
    const id = await conversation();
    expect((await respond("x".repeat(404))).body.error.code).toBe("context_length_exceeded");
    expect((await respond("x".repeat(200), { conversation: id })).status).toBe(200);
    expect((await respond("x".repeat(204), { conversation: id })).status).toBe(400);
    expect(twin.state.messages(id)).toHaveLength(2);
  });

  test("while the account is disabled is 403 D17, and everything else works", async () => {
    const { respond, conversation, call } = await start({ switches: { accountDisabled: true } });
    const reply = await respond("hi", { conversation: await conversation() });
    expect([reply.status, reply.body.errors[0]]).toMatchObject([
      403,
      { code: "10010", detail: "Account is disabled D17" },
    ]);
    expect((await call("GET", "/ai/openai/models")).status).toBe(200);
  });
});

describe("a second request on a running conversation", () => {
  const twice = async (overlap: "allow" | "refuse") => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const client = await start({
      switches: { overlap },
      script: async function* () {
        await held;
        yield { kind: "text", text: "done" };
      },
    });
    const id = await client.conversation();
    const first = client.respond("one", { conversation: id });
    await eventually(() => client.twin.live()).toBe(1);
    const other = client.respond("elsewhere", { conversation: await client.conversation() });
    const second = client.respond("two", { conversation: id });
    if (overlap === "refuse") await second;
    else await eventually(() => client.twin.live()).toBe(3);
    release();
    const statuses = (await Promise.all([first, second, other])).map(({ status }) => status);
    return { statuses, overlaps: client.twin.overlaps(), live: client.twin.live() };
  };

  test("runs beside it, and is counted", async () => {
    expect(await twice("allow")).toEqual({ statuses: [200, 200, 200], overlaps: 1, live: 0 });
  });

  test("is 409 when switched so", async () => {
    expect(await twice("refuse")).toEqual({ statuses: [200, 409, 200], overlaps: 0, live: 0 });
  });
});

describe("tool calls", () => {
  const withCall = async (switches = {}) => {
    const client = await start({
      switches,
      script: () => [{ kind: "call", name: "f", arguments: "{}", callId: "call_1" }],
    });
    const id = await client.conversation();
    await client.respond("use it", { conversation: id });
    client.twin.play(undefined);
    return { ...client, id };
  };
  const output = (callId: string) => ({
    input: [{ type: "function_call_output", call_id: callId, output: "42" }],
  });

  test("are answered with their outputs on the same conversation, once", async () => {
    const { respond, id, twin } = await withCall();
    const reply = await respond("", { conversation: id, ...output("call_1") });
    expect(reply.body.output[0].content[0].text).toContain("42");
    expect(twin.state.messages(id).map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "tool",
      "assistant",
    ]);
    expect((await respond("", { conversation: id, ...output("call_1") })).status).toBe(400);
  });

  test("that nobody made cannot be answered", async () => {
    const { respond, id } = await withCall();
    expect((await respond("", { conversation: id, ...output("call_9") })).status).toBe(400);
    expect((await respond("", output("call_1"))).status).toBe(400);
  });

  test("without a conversation are replayed with the call", async () => {
    const { respond } = await start();
    const call = { type: "function_call", call_id: "call_1", name: "f", arguments: "{}" };
    const input = [{ role: "user", content: "use it" }, call, ...output("call_1").input];
    expect((await respond("", { input })).status).toBe(200);
  });

  test("that wait for their output refuse new user input, unless switched", async () => {
    const { respond, id, twin } = await withCall();
    expect((await respond("and now?", { conversation: id })).status).toBe(400);
    twin.switches.pendingCall = "allow";
    expect((await respond("and now?", { conversation: id })).status).toBe(200);
  });
});
