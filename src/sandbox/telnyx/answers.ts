/** An answer that is not a stream. `body` is sent as JSON, `text` as it is; neither: an empty body. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown anywhere below a route: the request is answered with this. */
export class Refused extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.name = "Refused";
    this.answer = answer;
  }
}

/** Telnyx's own envelope. Codes are strings (developers.telnyx.com, API errors). */
export function telnyxError(
  status: number,
  error: { code: string; title: string; detail?: string; pointer?: string },
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const { code, title, detail = title, pointer } = error;
  const meta = { url: `https://developers.telnyx.com/docs/overview/errors/${code}` };
  return {
    status,
    headers,
    body: { errors: [{ code, title, detail, ...(pointer ? { source: { pointer } } : {}), meta }] },
  };
}

/** The 422 that the endpoint pages declare as `HTTPValidationError`. */
export function invalid(loc: readonly (string | number)[], msg: string, type = "value_error"): Answer {
  return { status: 422, body: { detail: [{ loc, msg, type }] } };
}

/** The envelope of the OpenAI-compatible endpoints: OpenAI's `error` and Telnyx's `errors` side by side. */
export function openaiError(
  status: number,
  error: { code: string; message: string; param?: string; type?: string },
): Answer {
  const { code, message, param = null, type = "invalid_request_error" } = error;
  return {
    status,
    body: {
      error: { message, type, param, code },
      errors: [{ code, title: "Invalid request", detail: message, meta: {} }],
    },
  };
}
