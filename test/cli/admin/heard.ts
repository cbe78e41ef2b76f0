/** What a terminal is given to write, as text. */
export const heard = (text: string | Uint8Array): string =>
  typeof text === "string" ? text : Buffer.from(text).toString();
