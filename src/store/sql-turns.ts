import type { SQL } from "drizzle-orm";
import { and, asc, count, eq, inArray, lt, sql } from "./drizzle.ts";
import { given, type QueryKit, type TurnValues } from "./query-kit.ts";
import type { TurnState } from "./mailbox.ts";
import type { Asked, Store } from "./store.ts";

type Turns = Pick<Store, "markCalling" | "markStreaming" | "markAnswered">;
type Counting = Pick<Store, "countSameInput">;
type Pages = Pick<Store, "pages" | "markPageIntended" | "markPagePosted">;

const place = given("place");
const id = given("turn");
const at = given("at");

export function turnQueries(kit: QueryKit): Turns & Counting & Pages {
  return { ...turns(kit), ...counting(kit), ...pages(kit) };
}

function turns({ db, tables, holds, prepareFenced }: QueryKit): Turns {
  const { turn } = tables;
  const mine = and(eq(turn.id, id), eq(turn.place, place), holds);
  const move = (from: TurnState[], values: TurnValues) =>
    prepareFenced(
      db
        .update(turn)
        .set(values)
        .where(and(mine, inArray(turn.state, from)))
        .returning({ id: turn.id }),
    );
  const firstTextAt = sql`coalesce(${turn.firstTextAt}, ${at})`;

  // A request that is sent again starts the text anew. A whole answer is never given up for a new request or a checkpoint,
  // and a settled turn is never touched.
  const call = move(["received", "calling", "streaming"], {
    state: "calling",
    generation: given("generation"),
    input: given("input"),
    model: given("model"),
    price: given("price"),
    settings: given("settings"),
    indexed: false,
    text: null,
    callingAt: at,
    firstTextAt: null,
  });
  const stream = move(["calling", "streaming"], { state: "streaming", text: given("text"), firstTextAt });
  const answer = move(["received", "calling", "streaming", "answered"], {
    state: "answered",
    text: given("text"),
    usage: given("usage"),
    incomplete: given("incomplete"),
    firstTextAt,
    answeredAt: at,
  });

  return {
    markCalling: (claim, turn, { asked, ...facts }) => call(claim, { ...facts, ...askedFor(asked), turn }),
    markStreaming: (claim, turn, facts) => stream(claim, { ...facts, turn }),
    markAnswered: (claim, turn, { text, usage, incomplete = null, at }) =>
      answer(claim, { turn, text, at, incomplete, usage: usage ? JSON.stringify(usage) : null }),
  };
}

const askedFor = (asked: Asked | undefined) => ({
  model: asked?.model ?? null,
  price: asked?.price ? JSON.stringify(asked.price) : null,
  settings: asked ? JSON.stringify(asked.settings) : null,
});

function counting({ db, tables, prepare }: QueryKit): Counting {
  const { turn } = tables;
  const sameInput = prepare(
    db
      .select({ count: count() })
      .from(turn)
      .where(
        and(
          eq(turn.place, place),
          eq(turn.generation, given("generation")),
          eq(turn.input, given("input")),
          lt(turn.id, given("before")),
        ),
      ),
  );

  return {
    countSameInput: async (place, generation, input, before) => {
      const [row] = await sameInput({ place, generation, input, before });
      return row?.count ?? 0;
    },
  };
}

function pages({ db, tables, clock, holds, prepare, prepareFenced }: QueryKit): Pages {
  const { page, turn } = tables;
  const index = given("index");
  const read = prepare(
    db
      .select({ index: page.index, id: page.id })
      .from(page)
      .where(eq(page.turn, id))
      .orderBy(asc(page.index)),
  );
  const insert = (posted: { id: SQL; postedAt: SQL }) =>
    db.insert(page).select((query) =>
      query
        .select({
          turn: turn.id,
          index: index.as("index"),
          id: posted.id.as("id"),
          intendedAt: at.as("intended_at"),
          postedAt: posted.postedAt.as("posted_at"),
        })
        .from(turn)
        .where(and(eq(turn.id, id), eq(turn.place, place), holds)),
    );
  const intend = prepareFenced(
    insert({ id: sql`null`, postedAt: sql`null` })
      .onConflictDoNothing()
      .returning({ index: page.index }),
  );
  const post = prepareFenced(
    insert({ id: given("id"), postedAt: at })
      .onConflictDoUpdate({
        target: [page.turn, page.index],
        set: { id: sql`excluded.id`, postedAt: sql`excluded.posted_at` },
      })
      .returning({ index: page.index }),
  );

  return {
    pages: async (turn) =>
      (await read({ turn })).map(({ index, id }) => ({ index, ...(id !== null && { id }) })),
    markPageIntended: (claim, turn, index) => intend(claim, { turn, index, at: clock.now() }),
    markPagePosted: (claim, turn, index, id) => post(claim, { turn, index, id, at: clock.now() }),
  };
}
