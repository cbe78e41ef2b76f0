import { BlockList, isIP } from "node:net";

/** Whether what such an address says of others is believed. */
export type IsProxy = (address: string) => boolean;

/** An address, or a network by its first address and the bits that all of it share: `10.0.0.0/8`. */
interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: "ipv4" | "ipv6";
}

/** Undefined: it is none. Everything that there is is none either: whoever asks would say who they are. */
function networkIn(text: string): Network | undefined {
  const [address = "", written, ...more] = text.split("/");
  // The name of a machine's interface (`%eth0`) means nothing elsewhere.
  const version = address.includes("%") ? 0 : isIP(address);
  const most = version === 4 ? 32 : 128;
  const bits = written === undefined ? most : /^\d{1,3}$/.test(written) ? Number(written) : NaN;
  if (version === 0 || more.length > 0 || !(bits >= 1 && bits <= most)) return undefined;
  return { address, bits, family: version === 4 ? "ipv4" : "ipv6" };
}

export const isNetwork = (text: string): boolean => networkIn(text) !== undefined;

/** This machine and these networks. What `isNetwork` refuses is left out: the check of the configuration has told of it. */
export function proxiesIn(networks: readonly string[]): IsProxy {
  const trusted = new BlockList();
  trusted.addSubnet("127.0.0.0", 8, "ipv4");
  trusted.addAddress("::1", "ipv6");
  for (const network of networks) {
    const { address, bits, family } = networkIn(network) ?? {};
    if (address !== undefined && bits !== undefined) trusted.addSubnet(address, bits, family);
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && trusted.check(address, version === 4 ? "ipv4" : "ipv6");
  };
}
