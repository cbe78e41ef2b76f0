import { CODE } from "./talk-code.ts";
import type { Theme } from "./cast.ts";

/** A question and its answer. `{order}`, `{name}` and the like are filled in the same way all through a conversation. */
export type Exchange = readonly [question: string, answer: string];

/** What each conversation is about. Its first exchange says so, the others follow in this order. */
export const TALKS: Readonly<Record<Theme, readonly (readonly Exchange[])[]>> = {
  code: CODE,
  support: [
    [
      [
        "Customer {name} asks where order {order} is. It was sent nine days ago. What do I write?",
        "Here is a reply that you can send:\n\n> Hello {name},\n>\n> your order {order} left us nine days ago, and it should have reached you by now. I have asked the carrier to look for it and will write again by tomorrow noon. If it is not found by then, I send you a new one at no cost.\n\nThat promises one thing with a time, so put a reminder for tomorrow.",
      ],
      [
        "Can you make it friendlier? They wrote twice already.",
        "> Hello {name},\n>\n> I am sorry that you had to ask twice: that is on us. Order {order} should have been with you by now. I am having it traced today and will write to you by tomorrow noon, whatever comes of it. If it is lost, a new one is on its way the same day.",
      ],
      [
        "And if they want a refund instead?",
        "Then offer it plainly: the full **{amount}**, back to the card within five working days. Do not make them choose again.",
      ],
      [
        "Thanks. Which tag do we use for that in the help desk?",
        "By what you told me before: `lost-parcel`, with `refund` beside it once the money is sent.",
      ],
    ],
    [
      [
        "Summarise this refund policy for a customer: returns within 30 days, unworn, labels on, sale items excluded, we pay shipping in the EU.",
        "In short:\n\n1. You have **30 days** to send it back.\n2. It must be unworn, with its labels.\n3. Sale items cannot be returned.\n4. Within the EU we pay for the parcel.",
      ],
      [
        "Order {order} is from the UK. Who pays there?",
        "The customer does: the policy pays for parcels within the EU alone. If it came damaged, that is another matter, and you should pay.",
      ],
      [
        "It did come damaged.",
        "Then treat it as a fault and not as a return: refund {amount}, let them keep it, and ask for one photo. That costs less than two parcels.",
      ],
    ],
    [
      [
        "A customer wants to change the address of order {order}, and it is packed already. Options?",
        "Three, the cheapest first:\n\n- Ask the warehouse to relabel it: possible until the truck comes at 16:00.\n- Redirect it with the carrier: about 4 euros, works for most addresses.\n- Let it come back and send it anew: slow, but never wrong.",
      ],
      [
        "It is 16:30.",
        "Then redirect it with the carrier. You need the tracking number and the new postcode; it takes effect at the next depot.",
      ],
    ],
    [
      [
        "Der Kunde {name} schreibt, die Rechnung zu {order} sei falsch. Was brauche ich von ihm?",
        "Bitte ihn um drei Dinge:\n\n1. die Rechnungsnummer,\n2. welche Zeile falsch ist,\n3. was dort stehen sollte.\n\nDanach kannst du die Rechnung stornieren und neu schreiben; eine geschriebene Rechnung wird nicht geändert.",
      ],
      [
        "Die Umsatzsteuer-ID fehlt.",
        "Dann reicht eine Korrektur mit Bezug auf die alte Nummer. Der Betrag von {amount} bleibt, wie er ist.",
      ],
    ],
  ],
  sales: [
    [
      [
        "Draft a short renewal mail to {name}: 40 seats, price up 6 percent, they were happy this year.",
        "> Hello {name},\n>\n> your 40 seats renew on the first of next month. The price rises by 6 percent, the first change in two years, and covers the reports that your team asked for.\n>\n> Shall we keep everything as it is, or talk for fifteen minutes this week?",
      ],
      [
        "They want 10 percent off.",
        "Offer it for something: 10 percent for two years paid at once, or 5 percent for one. A discount for nothing is asked for again next year.",
      ],
      [
        "They take the two years. What is that in total, at 29 a seat and month?",
        "40 seats × 29 × 24 months = 27,840. With the 6 percent: 29,510.40. Less 10 percent: **26,559.36**.",
      ],
    ],
    [
      [
        "Compare our three plans for a buyer who needs SSO and audit logs.",
        "| | Team | Business | Enterprise |\n|---|---|---|---|\n| SSO | no | yes | yes |\n| Audit log | no | 30 days | 1 year |\n| Price a seat | 12 | 29 | on request |\n\nFor SSO and audit logs **Business** is enough, unless they must keep logs for a year.",
      ],
      [
        "They must keep them for seven years.",
        "Then none of the three by itself: Enterprise with a monthly export to their own storage. Say so plainly, before they find out.",
      ],
    ],
    [
      [
        "How do I answer: 'your competitor is 30% cheaper'?",
        "Ask what the 30 percent leave out. Usually it is support, SSO, or the second year's price. Then say the one thing that they would lose, and stop talking.",
      ],
    ],
  ],
  people: [
    [
      [
        "Write a job advert for a support lead, four days a week, hybrid.",
        "**Support lead, 80 %**\n\nYou lead six people who answer customers in four languages. You have done that work yourself and know when a rule has to be bent.\n\n- four days a week, two of them in the office\n- 58,000 to 66,000 a year\n- your first task: get first answers below two hours",
      ],
      [
        "Make it less dry, and leave out the salary.",
        "I made it warmer. The salary I would keep: adverts with one get more and better answers, and in several countries it is the law.\n\n> Six people, four languages, one inbox. We look for somebody who makes that calm.",
      ],
    ],
    [
      [
        "{name} comes back from parental leave in January at 60 percent. What do I have to prepare?",
        "A list to begin with:\n\n1. the contract's change to 60 percent, in writing\n2. days and hours, and who covers the rest\n3. holidays: they shrink with days a week, not with hours\n4. equipment and accounts, which were paused\n\nLet your lawyer see number 3: it differs by country.",
      ],
      [
        "Does the salary review in January count for them?",
        "Yes. Leave must not be held against anybody: they are reviewed like everybody else, by what they did before.",
      ],
    ],
  ],
  copy: [
    [
      [
        "Three headlines for a winter sale of bike lights. No exclamation marks.",
        "1. Be seen until April.\n2. The dark comes at five. You leave at six.\n3. Light for less, while it is dark.",
      ],
      [
        "The second is good. A subtitle for it?",
        "Lights from {amount}, charged by the time you have had your tea.",
      ],
      [
        "日本語にしてください。",
        "暗くなるのは五時。あなたが帰るのは六時。\n\n{amount}からのライト。お茶を飲むあいだに充電できます。",
      ],
    ],
    [
      [
        "Shorten this to 160 characters: We are pleased to announce that after many months of hard work our new workshop will be opening its doors to all customers on the first Saturday of December, with free coffee and a safety check for every bike.",
        "Our new workshop opens on the first Saturday of December. Come by: coffee is free, and so is a safety check for your bike. (124 characters)",
      ],
      [
        "Add the address {order} Harbour Street.",
        "Our new workshop opens on the first Saturday of December at {order} Harbour Street. Coffee is free, and so is a safety check for your bike.",
      ],
    ],
    [
      [
        "Is it 'log in to' or 'login to'?",
        "As a verb it is two words: *log in to your account*. As a noun or adjective it is one: *the login page*.",
      ],
    ],
  ],
  numbers: [
    [
      [
        "Revenue by quarter: 1.24, 1.31, 1.52, 1.49 million. What should the board see?",
        "Three things:\n\n1. **Growth of 20 percent** from the first quarter to the fourth.\n2. The fourth was 2 percent below the third: say why before they ask.\n3. The third holds a one-off of 0.12, if I remember what you wrote rightly. Without it the year rises steadily.",
      ],
      [
        "Put it into a table with the growth.",
        "| Quarter | Revenue | Growth |\n|---|---:|---:|\n| Q1 | 1.24 | |\n| Q2 | 1.31 | +5.6 % |\n| Q3 | 1.52 | +16.0 % |\n| Q4 | 1.49 | −2.0 % |",
      ],
      [
        "What runway do we have with 3.4 million and a burn of 190 thousand?",
        "3,400 / 190 = 17.9: just under **18 months**. With a burn that grows by 2 percent a month it is 15.",
      ],
    ],
    [
      [
        "VAT of {amount} at 19 percent, included?",
        "Divide by 1.19 for the net amount; what is left is the tax. It is 15.97 percent of the gross amount.",
      ],
    ],
  ],
  chat: [
    [
      [
        "Suggest a lunch place for eleven people, one vegan, one who hates fish.",
        "I know no places near you. By kind: Ethiopian, or mezze. Both are made for sharing, half of it is vegan anyway, and nobody has to look at a fish.",
      ],
      [
        "Mezze it is. Write the invitation.",
        "Mezze on Thursday at 12:30, eleven seats. Say so here by noon tomorrow if you cannot come.",
      ],
    ],
    [
      [
        "Explain the offside rule with office chairs.",
        "You may not wait by the boss's desk for the ball. When it is rolled to you, at least two colleagues of the other team (one of them usually the boss) must sit between you and the desk, or beside you.",
      ],
      [
        "And if I am behind the ball?",
        "Then you may sit wherever you like: whoever is behind the ball is never offside.",
      ],
      ["I love it.", "Glad to hear it. The handball rule with staplers is next whenever you are ready."],
    ],
    [
      [
        "A name for our new coffee machine?",
        "*Bean counter*, if it is in finance. *Uptime*, if it is with the engineers.",
      ],
    ],
  ],
};
