import { and, desc, eq, lt } from "./drizzle.ts";
import { fenced, given, type QueryKit } from "./query-kit.ts";
import type { Store } from "./store.ts";

type Listening = Pick<Store, "confirm" | "listenedUntil" | "markListened" | "recentPlaces">;

/** So many of the newest turns are looked at for the places of which they are. */
const RECENT_TURNS = 2_000;

const platform = given("platform");
const part = given("part");
const at = given("at");

/** What is asked while listening: until when everything was heard, where to look for what was not, whether a claim still holds. */
export function listeningQueries({ db, tables, holder, prepare }: QueryKit): Listening {
  const { listened, turn } = tables;
  const until = prepare(
    db
      .select({ at: listened.at })
      .from(listened)
      .where(and(eq(listened.platform, platform), eq(listened.part, part))),
  );
  const mark = prepare(
    db
      .insert(listened)
      .values({ platform, part, at })
      .onConflictDoUpdate({
        target: [listened.platform, listened.part],
        set: { at },
        setWhere: lt(listened.at, at),
      }),
  );
  const recent = prepare(
    db.select({ id: turn.id, place: turn.place }).from(turn).orderBy(desc(turn.id)).limit(RECENT_TURNS),
  );

  return {
    confirm: async (claim) => {
      if ((await holder({ ...claim })).length === 0) throw fenced(claim);
    },
    listenedUntil: async (platform, part) => (await until({ platform, part }))[0]?.at,
    markListened: async (platform, part, at) => void (await mark({ platform, part, at })),
    recentPlaces: async (platform, limit) => {
      const places = new Set((await recent({})).map((row) => row.place));
      return [...places].filter((place) => place.startsWith(`${platform}:`)).slice(0, limit);
    },
  };
}
