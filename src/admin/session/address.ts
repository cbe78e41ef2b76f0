import { isIP, isIPv6 } from "node:net";
import type { Context } from "hono";
import type { IsProxy } from "./proxies.ts";

/** Where a request comes from, as limits tell apart: an IPv4 address, or an IPv6 network, since everybody has a whole one. */
export function addressOf(context: Context, isProxy: IsProxy): string {
  return sourceOf(peerOf(context), context.req.header("x-forwarded-for"), isProxy);
}

/**
 * `peer`: the connection's other end. Each proxy adds to `forwarded` the address that it saw itself, so that it is read from its end, and as far as
 * those who wrote it are believed: the first address that is no proxy is whose request it is, and what stands before that anybody may have written.
 */
export function sourceOf(peer: string, forwarded: string | undefined, isProxy: IsProxy): string {
  let source = plain(peer);
  for (const entry of forwarded?.split(",").toReversed() ?? []) {
    const address = plain(withoutPort(entry.trim()));
    if (!isProxy(source) || isIP(address) === 0) break;
    source = address;
  }
  return networkOf(source);
}

const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, "");

/** Some proxies tell the port as well: `198.51.100.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(entry: string): string {
  const [, bracketed, v4] = /^(?:\[([^\]]*)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+)$/.exec(entry) ?? [];
  return bracketed ?? v4 ?? entry;
}

function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.replace(/%.*$/, "").toLowerCase().split("::");
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
