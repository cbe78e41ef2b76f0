/** `{}` is the topic. */
const SENTENCES: readonly string[] = [
  "Most people meet {} long before they have a word for it.",
  "It begins with something small: somebody asks, somebody listens, and a line is held open between them.",
  "Those who work with {} every day speak about it less than those who never do.",
  "There is an old rule among operators: first the connection, then the words.",
  "What looks simple from afar turns out to have a dozen parts, and each of them can wait for the others.",
  "You could draw the whole of {} on one sheet of paper, and still need a year to understand the sheet.",
  "The first version was slow, the second was wrong, and the third was so plain that nobody noticed it.",
  "A good example says more than a definition, so here is one.",
  "On a quiet evening in November the lights in the exchange went on one after another, and then all at once.",
  "Nobody had planned for {} to matter that much.",
  "And yet every answer that came back was a little better than the one before.",
  "Some of this can be measured: how long one waits, how often one is cut off, how much is lost on the way.",
  "The rest is taste, and taste in {} takes time.",
  "If you remember only one thing, remember that order matters.",
  "Two messages that overtake each other tell a different story than the two in their right order.",
  "That is why patience is built into {} at every level, from the cable to the conversation.",
  "It costs nothing while all goes well, and it saves the day when something breaks.",
  "Of course there are other opinions, and some of them are held by people who have spent their lives on {}.",
  "They would say that speed comes first, because nobody waits for the best answer in the world for ever.",
  "Both are right, each at their own hour of the day.",
  "In the end {} is a promise: whatever you put in at one side arrives at the other.",
  "Keep that promise, and people will forgive you almost everything else.",
  "Break it once, and they will count the words from then on.",
  "So much for the theory; the practice is friendlier.",
];

const HEADINGS: readonly string[] = [
  "## Where {} comes from",
  "## What one sees at first",
  "## How {} works from day to day",
  "## What can go wrong",
  "## A word on patience",
  "## Where {} goes from here",
];

const SENTENCES_A_PARAGRAPH = 5;
const PARAGRAPHS_A_SECTION = 4;
/** From so many words on the text has headings. */
const LONG = 400;

/** Markdown prose about a topic, of exactly so many words, as one counts them between white space. */
export function prose(words: number, topic: string): string {
  const blocks: string[] = [];
  let left = words;
  for (let index = 0; left > 0; index += 1) {
    const heading = words >= LONG && index % PARAGRAPHS_A_SECTION === 0 ? headingAt(index, topic) : "";
    const room = left - wordCount(heading);
    if (heading !== "" && room > 0) {
      blocks.push(heading);
      left = room;
    }
    const paragraph = paragraphAt(index, topic).split(" ");
    const taken = paragraph.slice(0, left);
    left -= taken.length;
    blocks.push(taken.length < paragraph.length ? closed(taken) : taken.join(" "));
  }
  return blocks.join("\n\n");
}

/** Words that were cut in the middle of a sentence, as if they had been meant so. */
function closed(words: readonly string[]): string {
  return words.join(" ").replace(/[,:;.]?$/u, ".");
}

function paragraphAt(index: number, topic: string): string {
  const sentences = Array.from({ length: SENTENCES_A_PARAGRAPH }, (_, step) => {
    const sentence = SENTENCES[(index * SENTENCES_A_PARAGRAPH + step) % SENTENCES.length] ?? "";
    return sentence.replaceAll("{}", topic);
  });
  return sentences.join(" ");
}

function headingAt(index: number, topic: string): string {
  const section = Math.floor(index / PARAGRAPHS_A_SECTION);
  const heading = HEADINGS[section % HEADINGS.length] ?? "";
  const again = section >= HEADINGS.length ? `, part ${Math.floor(section / HEADINGS.length) + 1}` : "";
  return heading.replaceAll("{}", topic) + again;
}

function wordCount(words: string): number {
  return words === "" ? 0 : words.split(/\s+/u).length;
}
