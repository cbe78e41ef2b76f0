import { adoption } from "./sql-adopt.ts";
import { conversationQueries } from "./sql-conversations.ts";
import { listeningQueries } from "./sql-listening.ts";
import { queryKit, type StoreDeps } from "./query-kit.ts";
import { turnQueries } from "./sql-turns.ts";
import type { Store } from "./store.ts";

/**
 * The store over drizzle. Each method is one statement: better-sqlite3 refuses asynchronous transactions, and a
 * single statement leaves no gap between reading and writing.
 */
export function createStore(deps: StoreDeps): Store {
  const kit = queryKit(deps);
  return { ...conversationQueries(kit), ...turnQueries(kit), ...listeningQueries(kit), ...adoption(kit) };
}
