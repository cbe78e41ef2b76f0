import { decodeNamedCharacterReference } from "decode-named-character-reference";

/** What begins with `&` and may be an entity: by its name or its number (html.spec.whatwg.org, Named character references). */
export const ENTITY = "&#?\\w{2,32};";

/** The sign that an HTML entity stands for. Undefined for what is none, and for what cannot be shown. */
export function signOf(entity: string): string | undefined {
  const name = entity.slice(1, -1);
  const hex = /^#x([\da-f]{1,6})$/i.exec(name)?.[1];
  const decimal = /^#(\d{1,7})$/.exec(name)?.[1];
  if (hex === undefined && decimal === undefined) {
    const sign = decodeNamedCharacterReference(name);
    return sign === false || /\p{Cc}/u.test(sign) ? undefined : sign;
  }
  return fromCode(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
}

function fromCode(code: number): string | undefined {
  if (code > 0x10_ffff || /[\p{Cc}\p{Cs}]/u.test(String.fromCodePoint(code))) return undefined;
  return String.fromCodePoint(code);
}

/** As text: what would be a mark is escaped. */
export function asText(sign: string): string {
  return sign.replaceAll(/[*_~`|\\[\]#]/g, String.raw`\$&`);
}

const ENTITIES = new RegExp(ENTITY, "g");

/** A text with the signs that its entities stand for, as they are. */
export function withSigns(text: string): string {
  return text.replaceAll(ENTITIES, (entity: string) => signOf(entity) ?? entity);
}
