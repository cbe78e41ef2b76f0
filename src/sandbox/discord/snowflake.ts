/** The first second of 2015, in milliseconds: where Discord's ids begin to count (Discord, API Reference, Snowflakes). */
const DISCORD_EPOCH = 1_420_070_400_000n;

/** Makes ids that carry the time they were made at and never repeat or go back, as Discord's do. */
export function createSnowflakes(now: () => number): () => string {
  let last = 0n;
  return () => {
    const candidate = (BigInt(Math.floor(now())) - DISCORD_EPOCH) << 22n;
    last = candidate > last ? candidate : last + 1n;
    return String(last);
  };
}

/** When an id was made, in milliseconds since the Unix epoch. */
export function timeOf(id: string): number {
  return Number((BigInt(id) >> 22n) + DISCORD_EPOCH);
}

export function isSnowflake(text: unknown): text is string {
  return typeof text === "string" && /^\d{1,20}$/.test(text) && BigInt(text) < 1n << 64n;
}

/** For sorting by age. */
export function byAge(a: { readonly id: string }, b: { readonly id: string }): number {
  const difference = BigInt(a.id) - BigInt(b.id);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
