/** Those that models write. Any other stays as it is. */
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00A0",
  copy: "©",
  reg: "®",
  trade: "™",
  hellip: "…",
  mdash: "—",
  ndash: "–",
  times: "×",
  deg: "°",
  euro: "€",
  rarr: "→",
  larr: "←",
  le: "≤",
  ge: "≥",
  ne: "≠",
  laquo: "«",
  raquo: "»",
  bull: "•",
  middot: "·",
};

/** What an HTML entity stands for, as plain text: Discord does not know them. */
export function decodeEntity(entity: string): string {
  const name = entity.slice(1, -1);
  const hex = /^#x([\da-f]{1,6})$/i.exec(name)?.[1];
  const decimal = /^#(\d{1,7})$/.exec(name)?.[1];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const character = Number.isNaN(code) ? NAMED[name] : fromCode(code);
  return character?.replace(/[*_~`|\\[\]#]/, String.raw`\$&`) ?? entity;
}

/** Undefined for what is no character that can be shown. */
function fromCode(code: number): string | undefined {
  if (code < 0x20 || code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return String.fromCodePoint(code);
}
