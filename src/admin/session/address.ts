import { isIP, isIPv6 } from "node:net";
import type { Context } from "hono";

/** Where a request comes from, as limits tell apart: an IPv4 address, or an IPv6 network, since everybody has a whole one. */
export function addressOf(context: Context): string {
  return sourceOf(peerOf(context), context.req.header("x-forwarded-for"));
}

/**
 * `peer`: the connection's other end. Where that is this machine, a proxy stands before the bot, and the last address that it names is the one
 * that it saw itself; from anybody else such a header is worth nothing.
 */
export function sourceOf(peer: string, forwarded: string | undefined): string {
  const last = forwarded?.split(",").at(-1)?.trim();
  return networkOf(isLoopback(peer) && last !== undefined && isIP(last) !== 0 ? last : peer);
}

const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, "");

function isLoopback(address: string): boolean {
  return address === "::1" || plain(address).startsWith("127.");
}

function networkOf(address: string): string {
  const v4 = plain(address);
  if (!isIPv6(v4)) return v4;
  const [head = "", tail] = v4.replace(/%.*$/, "").toLowerCase().split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(":").filter(Boolean).length;
  const whole = [...groups, ...Array<string>(missing).fill("0"), ...(tail?.split(":").filter(Boolean) ?? [])];
  return `${whole
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}

/** As @hono/node-server hands it over. Empty where there is no connection, as in tests. */
function peerOf(context: Context): string {
  const { incoming } = (context.env ?? {}) as {
    readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
  };
  return incoming?.socket?.remoteAddress ?? "";
}
