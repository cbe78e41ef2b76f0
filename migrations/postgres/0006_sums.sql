CREATE TABLE "outcome_scope" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outcome_scope_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"model" text NOT NULL,
	"status" text NOT NULL,
	CONSTRAINT "outcome_scope_key" UNIQUE("model","status")
);
--> statement-breakpoint
CREATE TABLE "place_scope" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "place_scope_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"platform" text NOT NULL,
	"workspace_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"kind" text NOT NULL,
	"workspace" bigint NOT NULL,
	"channel" bigint NOT NULL,
	"parent" bigint NOT NULL,
	CONSTRAINT "place_scope_key" UNIQUE("channel_id","platform","workspace_id","kind","workspace","channel","parent")
);
--> statement-breakpoint
CREATE TABLE "sum_cell" (
	"cube" text NOT NULL,
	"span" text NOT NULL,
	"scope" bigint NOT NULL,
	"start" bigint NOT NULL,
	"turns" bigint NOT NULL,
	"failed" bigint NOT NULL,
	"tokens" bigint NOT NULL,
	"cost" bigint NOT NULL,
	"priced" bigint NOT NULL,
	"people" text NOT NULL,
	"conversations" text NOT NULL,
	"first_text" text NOT NULL,
	"complete" text NOT NULL,
	CONSTRAINT "sum_cell_cube_span_scope_start_pk" PRIMARY KEY("cube","span","scope","start")
);
--> statement-breakpoint
DROP INDEX "conversation_facts_channel";--> statement-breakpoint
ALTER TABLE "turn_facts" ADD COLUMN "scope" bigint;--> statement-breakpoint
CREATE INDEX "conversation_facts_workspace" ON "conversation_facts" USING btree ("workspace_id","active_at");--> statement-breakpoint
CREATE INDEX "turn_facts_uncounted" ON "turn_facts" USING btree ("id") WHERE scope is null;--> statement-breakpoint
CREATE INDEX "conversation_facts_channel" ON "conversation_facts" USING btree ("channel_id","active_at");