/** Markdown to look at: code, tables, lists, letters. */

const CODE: Readonly<Record<string, string>> = {
  python: `from collections import Counter

def most_common(words: list[str], count: int = 3) -> list[tuple[str, int]]:
    """The words that occur most often, with how often they do."""
    return Counter(word.lower() for word in words).most_common(count)

print(most_common("the cat and the dog and the bird".split()))`,
  typescript: `type Line = { from: string; to: string; open: boolean };

export function connect(lines: Line[], from: string, to: string): Line[] {
  const known = lines.find((line) => line.from === from && line.to === to);
  if (known?.open) return lines;
  return [...lines.filter((line) => line !== known), { from, to, open: true }];
}`,
  javascript: `const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

for (const word of ["one", "two", "three"]) {
  console.log(\`\${word}…\`);
  await wait(500);
}`,
  sql: `SELECT channel, count(*) AS messages, max(sent_at) AS last
FROM messages
WHERE sent_at > now() - interval '7 days'
GROUP BY channel
HAVING count(*) > 10
ORDER BY messages DESC;`,
  bash: `#!/usr/bin/env bash
set -euo pipefail
for file in *.log; do
  echo "$file: $(grep -c ERROR "$file" || true) errors"
done`,
  go: `package main

import "fmt"

func main() {
	calls := make(chan string)
	go func() {
		defer close(calls)
		for _, name := range []string{"Ada", "Grace", "Hedy"} {
			calls <- name
		}
	}()
	for name := range calls {
		fmt.Println("connected:", name)
	}
}`,
  rust: `fn main() {
    let words = ["patch", "cord"];
    let joined: String = words.concat();
    println!("{joined} has {} letters", joined.len());
}`,
};

const ALIASES: Readonly<Record<string, string>> = {
  ts: "typescript",
  js: "javascript",
  py: "python",
  shell: "bash",
  golang: "go",
};

/** A snippet in the language that the words name, else TypeScript. */
export function codeFor(words: string): string {
  const named = words.toLowerCase().match(/\p{L}+/gu) ?? [];
  const languages = named.map((word) => ALIASES[word] ?? word);
  const language = languages.find((word) => Object.hasOwn(CODE, word)) ?? "typescript";
  return fence(language, CODE[language] ?? "");
}

/** So many lines of Python, each its own. */
export function longCode(lines: number): string {
  const body = Array.from({ length: Math.max(1, lines) }, (_, index) =>
    index % 10 === 0
      ? `# step ${index / 10 + 1}`
      : `value_${index} = ${index} * ${index} + sum(range(${index}))`,
  );
  return fence("python", body.join("\n"));
}

function fence(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\n\`\`\``;
}

const PLANETS: readonly (readonly [string, number, string])[] = [
  ["Mercury", 4_879, "59 days"],
  ["Venus", 12_104, "243 days"],
  ["Earth", 12_742, "24 hours"],
  ["Mars", 6_779, "24.6 hours"],
  ["Jupiter", 139_820, "9.9 hours"],
  ["Saturn", 116_460, "10.7 hours"],
  ["Uranus", 50_724, "17.2 hours"],
  ["Neptune", 49_244, "16.1 hours"],
];

/** A table with so many rows; from the ninth on the planets come again. */
export function table(rows: number): string {
  const body = Array.from({ length: rows }, (_, index) => {
    const [name, diameter, day] = PLANETS[index % PLANETS.length] ?? ["", 0, ""];
    return `| ${index + 1} | ${name} | ${diameter} km | ${day} |`;
  });
  return ["| # | Planet | Diameter | Its day |", "| --: | :-- | --: | :-- |", ...body].join("\n");
}

export const NESTED_LIST = `1. **Prepare**
   - read the question
     - and then read it again
     - note what is *not* asked
   - find the line
2. **Connect**
   - plug in the cord
     1. the answering end first
     2. then the calling end
        - push until it clicks
   - say \`hello\`
3. **Leave**
   - [x] both sides have hung up
   - [ ] the lamp is out`;

export const LETTERS: Readonly<Record<"emoji" | "cjk" | "rtl", string>> = {
  emoji: "Emoji of every build: 😀 🎉 ☎️ 👍🏽 👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 🧑🏿‍🚀 🇯🇵 🇪🇺 1️⃣ ❤️‍🔥, and é as one letter or as two: é é.",
  cjk: "中文：接线员把绳子插进插孔，两个人就能说话了。\n\n日本語：交換手がコードを差し込むと、二人は話せるようになります。\n\n한국어: 교환원이 코드를 꽂으면 두 사람이 이야기할 수 있습니다.",
  rtl: "العربية: يوصل عامل المقسم السلك فيتحدث شخصان، حتى وإن كان بينهما ‎1000 كم.\n\nעברית: המרכזנית מחברת את הכבל, ושני אנשים מדברים (patchcord) זה עם זה.",
};

/** A bit of everything that Markdown has. */
export function showcase(): string {
  return [
    "# All of Markdown",
    'Words can be **bold**, *italic*, ***both***, ~~struck~~ or `code`, and [linked](https://example.com/patch?cord=1&b=2 "a title"). A bare address too: https://example.com.',
    "## Lists",
    NESTED_LIST,
    "## Code",
    codeFor("typescript"),
    "Inline, `` a `tick` `` and a fence in a list:",
    '- first\n\n  ```bash\n  echo "inside"\n  ```\n- second',
    "## A table",
    table(4),
    "## Words of others",
    "> A quotation of two lines,\n> the second with **weight**.\n>\n> > And one inside it.",
    "---",
    `Letters: ${LETTERS.emoji}`,
    LETTERS.cjk,
    "Signs that need care: \\*stars\\*, a_b_c, 2 < 3 & 5 > 4, @nobody, #channel, <tag>, 100 %.",
  ].join("\n\n");
}
