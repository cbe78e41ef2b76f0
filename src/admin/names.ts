import type { Archive } from "../store/archive.ts";
import type { Completed } from "./query/field.ts";
import { EVERYTHING, type Viewer, within } from "./viewer.ts";

/** Models that somebody chooses among. */
const MOST_WORDS = 100;

/** Names that begin so, or models of whose name it is a part, among what this viewer may see: at most `limit`. */
export async function namesFor(
  archive: Pick<Archive, "names" | "words" | "sums">,
  viewer: Viewer,
  { field, prefix, limit }: { readonly field: Completed; readonly prefix: string; readonly limit: number },
): Promise<readonly string[]> {
  const among = within(EVERYTHING, viewer);
  if (field === "platform") {
    const [platforms = []] = await archive.sums(among, [{ by: "platform" }]);
    const words = platforms.flatMap(({ key }) => key ?? []);
    return withPart(words, prefix, false).slice(0, limit);
  }
  if (field !== "model" && field !== "error") return archive.names(field, prefix, among, limit);
  const words = withPart(await archive.words(field, among, MOST_WORDS), prefix, field === "model");
  return words.slice(0, limit);
}

/** Those that begin so, and with `within` behind them those that have it in them: nobody begins a model's name with who made it. */
function withPart(words: readonly string[], part: string, within: boolean): readonly string[] {
  const wanted = part.toLowerCase();
  const begins = (word: string) => word.toLowerCase().startsWith(wanted);
  const having = words.filter((word) => within && word.toLowerCase().includes(wanted) && !begins(word));
  return [...words.filter(begins), ...having];
}
