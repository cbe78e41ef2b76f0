import { describe, expect, it } from "vitest";
import { sourceOf } from "../../../src/admin/session/address.ts";
import { isNetwork, proxiesIn } from "../../../src/admin/session/proxies.ts";

it.each([
  ["203.0.113.7", undefined, "203.0.113.7"],
  ["::ffff:203.0.113.7", undefined, "203.0.113.7"],
  ["203.0.113.7", "198.51.100.1", "203.0.113.7"],
  ["127.0.0.1", "198.51.100.1", "198.51.100.1"],
  ["::ffff:127.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"],
  ["::1", "2001:db8:1:2:3::9", "2001:db8:1:2::/64"],
  ["127.0.0.1", "nobody", "127.0.0.1"],
  ["127.0.0.1", undefined, "127.0.0.1"],
  ["127.0.0.1", "", "127.0.0.1"],
  ["2001:DB8:1:2:aaaa:bbbb:cccc:dddd", undefined, "2001:db8:1:2::/64"],
  ["2001:db8::1", undefined, "2001:db8:0:0::/64"],
  ["fe80::1%eth0", undefined, "fe80:0:0:0::/64"],
  ["::", undefined, "0:0:0:0::/64"],
  ["", "1.2.3.4", ""],
])("who comes from %j, as %j says, counts as %j", (peer, forwarded, source) => {
  expect(sourceOf(peer, forwarded, proxiesIn([]))).toBe(source);
});

describe("behind proxies that are trusted", () => {
  const isProxy = proxiesIn(["10.0.0.0/8", "192.0.2.7", "fd00:1::/32"]);

  it.each([
    ["10.1.2.3", "198.51.100.1", "198.51.100.1"],
    ["::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1"],
    // Whoever asks may have written all that stands before what the proxies added.
    ["10.1.2.3", "1.2.3.4, 198.51.100.1", "198.51.100.1"],
    ["10.1.2.3", "1.2.3.4, 198.51.100.1, 192.0.2.7", "198.51.100.1"],
    ["127.0.0.1", "1.2.3.4, 198.51.100.1, 10.9.9.9, fd00:1::9", "198.51.100.1"],
    ["10.1.2.3", "10.0.0.9, 10.0.0.8", "10.0.0.9"],
    ["10.1.2.3", "1.2.3.4, nonsense, 10.0.0.8", "10.0.0.8"],
    ["10.1.2.3", "198.51.100.1:4711", "198.51.100.1"],
    ["10.1.2.3", "[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"],
    ["10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1"],
    ["192.0.2.8", "198.51.100.1", "192.0.2.8"],
    ["fd00:2::1", "198.51.100.1", "fd00:2:0:0::/64"],
    ["fd00:1:ffff::1", "198.51.100.1", "198.51.100.1"],
    ["10.1.2.3", undefined, "10.1.2.3"],
  ])("who comes from %j, as %j says, counts as %j", (peer, forwarded, source) => {
    expect(sourceOf(peer, forwarded, isProxy)).toBe(source);
  });

  it("is told by addresses and networks, and never by everything", () => {
    for (const text of ["10.0.0.7", "10.0.0.0/8", "fd00::/8", "::1", "2001:db8::1/128"])
      expect(isNetwork(text), text).toBe(true);
    for (const text of [
      "",
      "*",
      "0.0.0.0/0",
      "::/0",
      "10.0.0.0/33",
      "10.0.0.0/8/8",
      "10.0.0.0/",
      "10.0.0/8",
      "fe80::1%eth0/64",
    ])
      expect(isNetwork(text), text).toBe(false);
  });
});
