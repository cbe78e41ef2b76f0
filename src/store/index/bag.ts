/** PURE: whole numbers, none below 0, and how often each of them is there. */
export type Bag = Map<number, number>;

export function addTo(bag: Bag, value: number, times: number): void {
  const count = (bag.get(value) ?? 0) + times;
  if (count === 0) bag.delete(value);
  else bag.set(value, count);
}

/*
 * As text, so that both databases keep it alike: the values in their order, each as how much greater it is than the one before, doubled, and one
 * more where a count follows, which is where it is not 1. A number is written to the base 32, its lowest digit first; a digit that others follow
 * is greater by 32. A digit is the sign at its place from `0` on.
 */
const [BASE, ZERO] = [32, 48];

export function writeBag(bag: Bag): string {
  let [text, last] = ["", 0];
  for (const [value, count] of [...bag].sort(([a], [b]) => a - b)) {
    text += digits((value - last) * 2 + (count === 1 ? 0 : 1));
    if (count !== 1) text += digits(count);
    last = value;
  }
  return text;
}

function digits(number: number): string {
  let [text, rest] = ["", number];
  for (; rest >= BASE; rest = Math.floor(rest / BASE)) text += sign((rest % BASE) + BASE);
  return text + sign(rest);
}

const sign = (digit: number) => String.fromCharCode(ZERO + digit);

/** Each value, from the least on, with how often it is there behind it. Throws where the text is cut off. */
export function readBag(text: string): readonly number[] {
  // A pair takes a sign or more.
  const pairs = new Float64Array(text.length * 2);
  return [...pairs.subarray(0, readBags(text, { at: 0, value: 0 }, pairs))];
}

/** How far a text has been read, and the value that was read last. */
export interface Reading {
  at: number;
  value: number;
}

/**
 * The same of several bags, one behind the other with a blank between them, until `pairs` is full: a year's page reads a million numbers. Returns how many of its
 * places are filled; the next call goes on from there.
 */
export function readBags(text: string, reading: Reading, pairs: Float64Array): number {
  const { length } = text;
  let { at, value } = reading;
  let [step, isCount, end] = [0, false, 0];
  while (at < length && (isCount || end < pairs.length)) {
    let number = text.charCodeAt(at) - ZERO;
    at += 1;
    if (number >= BASE) {
      number -= BASE;
      for (let [unit, more] = [BASE, true]; more; unit *= BASE) {
        if (at >= length) throw new Error("a bag's text is cut off");
        const digit = text.charCodeAt(at) - ZERO;
        at += 1;
        more = digit >= BASE;
        number += (more ? digit - BASE : digit) * unit;
      }
    }
    if (number < 0) {
      value = 0;
      continue;
    }
    if (!isCount) {
      step = number;
      value += Math.floor(step / 2);
      pairs[end] = value;
    }
    isCount = !isCount && step % 2 === 1;
    if (isCount) continue;
    pairs[end + 1] = step % 2 === 1 ? number : 1;
    end += 2;
  }
  if (isCount) throw new Error("a bag's text is cut off");
  reading.at = at;
  reading.value = value;
  return end;
}

/** Adds what `readBag` read. */
export function addPairs(bag: Bag, pairs: readonly number[]): void {
  for (let at = 0; at < pairs.length; at += 2) addTo(bag, pairs[at] ?? 0, pairs[at + 1] ?? 0);
}
