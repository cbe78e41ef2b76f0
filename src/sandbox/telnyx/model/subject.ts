const DULL = new Set(
  "about after again also and any are because been before being between but can could did does doing down for from get give had has have having her here him his how into its just know let like make many more most much must not now off one only other our out over please really say she should some such tell than thanks that the their them then there these they thing things think this those through too under until very want was way were what when where which while who why will with would write you your".split(
    " ",
  ),
);

/** The word that the ask seems to be about: the longest that is not dull. */
export function subjectOf(words: string): string | undefined {
  const candidates = (words.match(/\p{L}[\p{L}\p{M}'-]*/gu) ?? []).filter(
    (word) => word.length > 2 && !DULL.has(word.toLowerCase()),
  );
  return candidates.toSorted((a, b) => b.length - a.length)[0];
}
