import type { Api, RepeatableCall } from "../../src/telnyx/api.ts";

export interface FakeApi extends Api {
  readonly calls: readonly RepeatableCall[];
}

/** An `Api` whose answers the test makes; it keeps what was called. */
export function fakeApi(answer: (call: RepeatableCall, query: URLSearchParams) => unknown): FakeApi {
  const calls: RepeatableCall[] = [];
  return {
    calls,
    call: (call) => {
      calls.push(call);
      return Promise.resolve(answer(call, new URL(call.path, "http://localhost").searchParams));
    },
  };
}
