import { isBlank } from "./text.ts";

export function breakAt(_head: string, window: string): number {
  const room = window.length - 1;
  for (const separator of ["\n\n", "\n", " "]) {
    const at = window.lastIndexOf(separator, room - separator.length);
    if (at > room / 2) return at + separator.length;
  }
  const code = window.charCodeAt(room);
  return code >= 0xdc00 && code <= 0xdfff && !isBlank(window) ? room - 1 : room;
}
