import type { Filter } from "./telnyx.ts";

export interface ListPage {
  readonly where: readonly Filter[];
  readonly or: readonly Filter[];
  readonly order: { readonly by: string; readonly direction: "asc" | "desc" };
  readonly limit: number;
}

/**
 * The query of `GET /ai/conversations`, PostgREST-style as in Telnyx's API reference, List conversations:
 * `metadata->channel_id=eq.C1&or=(id.eq.a,id.eq.b)&order=created_at.desc&limit=100`. Names and values are percent-encoded
 * (a raw `+` would arrive as a space). A value of `in` is a list in parentheses, `(a,b)`; of `is`, a keyword.
 */
export function listQuery(page: ListPage): string {
  const pairs: [string, string][] = page.where.map((filter) => [
    filter.column,
    `${filter.operator}.${filter.value}`,
  ]);
  if (page.or.length > 0) pairs.push(["or", `(${page.or.map(alternative).join(",")})`]);
  pairs.push(["order", `${page.order.by}.${page.order.direction}`], ["limit", String(page.limit)]);
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
}

/** Within `or=(…)` commas, parentheses and quotes are syntax: a value that has them is quoted (postgrest.org, Reserved characters). */
function alternative({ column, operator, value }: Filter): string {
  const quoted =
    operator !== "in" && /[,()"\\]/.test(value) ? `"${value.replaceAll(/["\\]/g, "\\$&")}"` : value;
  return `${column}.${operator}.${quoted}`;
}
