import type { ChannelKind } from "../../chat/place.ts";
import type { TurnStatus } from "../archive.ts";
import { sqliteCore } from "../drizzle.ts";
import type { Cube, Span } from "../index/cube.ts";

const { integer, primaryKey, sqliteTable, text, unique } = sqliteCore;

/* SQLite's tables of the sums that are kept. They follow from those of schema-index.sqlite.ts, and are written by the indexer alone. */

/** Where turns are counted together. The names are those of now, 0 for none. */
export const placeScope = sqliteTable(
  "place_scope",
  {
    id: integer().primaryKey(),
    platform: text().notNull(),
    workspaceId: text("workspace_id").notNull(),
    channelId: text("channel_id").notNull(),
    kind: text().$type<ChannelKind>().notNull(),
    workspace: integer().notNull(),
    channel: integer().notNull(),
    parent: integer().notNull(),
  },
  (t) => [
    unique("place_scope_key").on(
      t.channelId,
      t.platform,
      t.workspaceId,
      t.kind,
      t.workspace,
      t.channel,
      t.parent,
    ),
  ],
);

/** How turns ended that are counted together. No model is an empty text. */
export const outcomeScope = sqliteTable(
  "outcome_scope",
  {
    id: integer().primaryKey(),
    model: text().notNull(),
    status: text().$type<TurnStatus>().notNull(),
  },
  (t) => [unique("outcome_scope_key").on(t.model, t.status)],
);

/** The sums over the turns of one scope that were received in one span of time. */
export const sumCell = sqliteTable(
  "sum_cell",
  {
    /** What the scope is: see `CUBES`. */
    cube: text().$type<Cube>().notNull(),
    span: text().$type<Span>().notNull(),
    scope: integer().notNull(),
    start: integer().notNull(),
    turns: integer().notNull(),
    failed: integer().notNull(),
    tokens: integer().notNull(),
    cost: integer().notNull(),
    /** How many turns' cost is known. */
    priced: integer().notNull(),
    /** Who and what they are of, and the times of those that are done, as `toldTime` tells them: each is a `Bag`. */
    people: text().notNull(),
    conversations: text().notNull(),
    firstText: text("first_text").notNull(),
    complete: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.cube, t.span, t.scope, t.start] })],
);
