import { expect, it } from "vitest";
import { sourceOf } from "../../../src/admin/session/address.ts";

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
  expect(sourceOf(peer, forwarded)).toBe(source);
});
