import type { Clock } from "../../clock.ts";
import type { TwinRequest } from "../server.ts";
import { invalid, Refused, telnyxError, type Answer } from "./answers.ts";
import { isFields, isUuid, optionalString, readJson, type Fields } from "./fields.ts";
import type { Idempotency } from "./idempotency.ts";
import { listRows } from "./listing.ts";
import type { TwinConversation, TwinState } from "./state.ts";
import type { Switches } from "./switches.ts";

export interface ConversationDeps {
  readonly clock: Clock;
  readonly state: TwinState;
  readonly switches: Switches;
  readonly idempotency: Idempotency;
  /** Takes as long as a write takes. */
  readonly work: () => Promise<void>;
}

/** Who asks for what. */
export interface Call {
  readonly request: TwinRequest;
  readonly organization: string;
  /** The path's conversation id; empty where the path has none. */
  readonly id: string;
}

/** Create, list, retrieve, update and delete, as the Conversations pages of developers.telnyx.com have them. */
export function createConversations(deps: ConversationDeps) {
  const { clock, state, switches } = deps;

  return {
    create: ({ request, organization }: Call): Promise<Answer> =>
      deps.idempotency(request, organization, async () => {
        const body = readJson(request);
        const name = optionalString(body, "name") ?? "";
        const metadata = readMetadata(body, switches);
        await deps.work();
        const created = state.addConversation({
          organization,
          name,
          // Telnyx adds keys of its own: seen on live accounts, in no schema.
          metadata: { telnyx_conversation_channel: "web_chat", ...metadata },
        });
        const shown = showConversation(created);
        return { status: 200, body: switches.createEnvelope === "wrapped" ? { data: shown } : shown };
      }),

    list: ({ request, organization }: Call): Answer => {
      const visible = (row: TwinConversation) =>
        row.organization === organization && clock.now() - Date.parse(row.createdAt) >= switches.listLagMs;
      const rows = state.conversations().filter(visible).map(showConversation);
      return { status: 200, body: { data: listRows(rows, request.query, switches) } };
    },

    retrieve: (call: Call): Answer => ({
      status: 200,
      body: { data: showConversation(findConversation(deps, call)) },
    }),

    update: async (call: Call): Promise<Answer> => {
      const { id, metadata } = findConversation(deps, call);
      const body = readJson(call.request);
      // A body without metadata changes nothing, whatever an update does with the keys that it leaves out.
      const sent = body["metadata"] === undefined ? metadata : readMetadata(body, switches);
      await deps.work();
      state.updateMetadata(id, switches.updateMetadata === "merge" ? { ...metadata, ...sent } : sent);
      return { status: 200, body: { data: showConversation(findConversation(deps, call)) } };
    },

    remove: (call: Call): Answer => {
      state.deleteConversation(findConversation(deps, call).id);
      return { status: 200 };
    },
  };
}

/** The caller's conversation; 404 for one of another organization too, 422 for an id that is none. */
export function findConversation(
  deps: Pick<ConversationDeps, "state" | "switches">,
  { id, organization }: Pick<Call, "id" | "organization">,
): TwinConversation {
  if (!isUuid(id))
    throw new Refused(invalid(["path", "conversation_id"], "value is not a valid uuid", "type_error.uuid"));
  const found = deps.state.conversation(id.toLowerCase());
  if (found?.organization === organization) return found;
  throw new Refused(NOT_FOUND[deps.switches.notFoundShape]);
}

const NOT_FOUND: Readonly<Record<Switches["notFoundShape"], Answer>> = {
  telnyx: telnyxError(404, {
    code: "10005",
    title: "Resource not found",
    detail: "Conversation Not Found",
  }),
  detail: { status: 404, body: { detail: "Conversation Not Found" } },
  empty: { status: 404 },
};

// OpenAI's limits for metadata (platform.openai.com, Create a conversation); Telnyx documents none.
const MOST_PAIRS = 16;
const LONGEST_KEY = 64;
const LONGEST_VALUE = 512;

/** The body's metadata: strings only, as the schema has it. */
function readMetadata(body: Fields, switches: Switches): Record<string, string> {
  const metadata = body["metadata"] ?? {};
  if (!isFields(metadata))
    throw new Refused(invalid(["body", "metadata"], "value is not a valid dict", "type_error.dict"));
  const entries = Object.entries(metadata).map(([key, value]): [string, string] => {
    if (typeof value !== "string")
      throw new Refused(invalid(["body", "metadata", key], "str type expected", "type_error.str"));
    return [key, value];
  });
  const fits = ([key, value]: [string, string]) => key.length <= LONGEST_KEY && value.length <= LONGEST_VALUE;
  if (switches.metadataLimits === "openai" && (entries.length > MOST_PAIRS || !entries.every(fits)))
    throw new Refused(invalid(["body", "metadata"], "metadata is too large"));
  return Object.fromEntries(entries);
}

/** With the fields that live accounts show and no schema names. */
function showConversation(conversation: TwinConversation) {
  return {
    id: conversation.id,
    name: conversation.name,
    metadata: conversation.metadata,
    created_at: conversation.createdAt,
    last_message_at: conversation.lastMessageAt,
    retention_in_hours: null,
    pii_redaction: false,
    in_transit_region: null,
    use_insights_for_memory: false,
  };
}
