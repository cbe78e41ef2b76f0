import type { ChannelKind } from "../../chat/place.ts";
import type { TurnStatus } from "../archive.ts";
import { postgresCore } from "../drizzle.ts";
import type { Cube, Span } from "../index/cube.ts";

const { bigint, pgTable, primaryKey, text, unique } = postgresCore;

/* PostgreSQL's tables of the sums that are kept. They are those of schema-sums.sqlite.ts, column by column, where the comments are. */

const number = (name: string) => bigint(name, { mode: "number" });
const numbered = () => number("id").primaryKey().generatedAlwaysAsIdentity();

export const placeScope = pgTable(
  "place_scope",
  {
    id: numbered(),
    platform: text().notNull(),
    workspaceId: text("workspace_id").notNull(),
    channelId: text("channel_id").notNull(),
    kind: text().$type<ChannelKind>().notNull(),
    workspace: number("workspace").notNull(),
    channel: number("channel").notNull(),
    parent: number("parent").notNull(),
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

export const outcomeScope = pgTable(
  "outcome_scope",
  {
    id: numbered(),
    model: text().notNull(),
    status: text().$type<TurnStatus>().notNull(),
  },
  (t) => [unique("outcome_scope_key").on(t.model, t.status)],
);

export const sumCell = pgTable(
  "sum_cell",
  {
    cube: text().$type<Cube>().notNull(),
    span: text().$type<Span>().notNull(),
    scope: number("scope").notNull(),
    start: number("start").notNull(),
    turns: number("turns").notNull(),
    failed: number("failed").notNull(),
    tokens: number("tokens").notNull(),
    cost: number("cost").notNull(),
    priced: number("priced").notNull(),
    people: text().notNull(),
    conversations: text().notNull(),
    firstText: text("first_text").notNull(),
    complete: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.cube, t.span, t.scope, t.start] })],
);
