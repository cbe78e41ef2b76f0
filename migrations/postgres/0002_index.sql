CREATE TABLE "conversation_facts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "conversation_facts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"place" text NOT NULL,
	"generation" integer NOT NULL,
	"platform" text NOT NULL,
	"workspace_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"kind" text NOT NULL,
	"thread_id" text,
	"telnyx_id" text,
	"workspace" bigint,
	"channel" bigint,
	"topic" bigint,
	"parent" bigint,
	"thread" bigint,
	"started_by" text NOT NULL,
	"started_by_name" text NOT NULL,
	"started_at" bigint NOT NULL,
	"active_at" bigint NOT NULL,
	"turns" bigint DEFAULT 0 NOT NULL,
	"open" bigint DEFAULT 0 NOT NULL,
	"failed" bigint DEFAULT 0 NOT NULL,
	"tokens" bigint DEFAULT 0 NOT NULL,
	"cost" bigint DEFAULT 0 NOT NULL,
	"priced" bigint DEFAULT 0 NOT NULL,
	"complete" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "conversation_facts_key" UNIQUE("place","generation")
);
--> statement-breakpoint
CREATE TABLE "conversation_name" (
	"conversation" bigint NOT NULL,
	"name" bigint NOT NULL,
	"until" bigint,
	CONSTRAINT "conversation_name_conversation_name_pk" PRIMARY KEY("conversation","name")
);
--> statement-breakpoint
CREATE TABLE "name_facts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "name_facts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"field" text NOT NULL,
	"name" text NOT NULL,
	"folded" text COLLATE "C" NOT NULL,
	"used_at" bigint NOT NULL,
	CONSTRAINT "name_facts_name" UNIQUE("field","name")
);
--> statement-breakpoint
CREATE TABLE "person_facts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "person_facts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"platform" text NOT NULL,
	"workspace_id" text NOT NULL,
	"user_id" text NOT NULL,
	"name" bigint NOT NULL,
	"named_at" bigint NOT NULL,
	CONSTRAINT "person_facts_user" UNIQUE("platform","workspace_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "person_name" (
	"person" bigint NOT NULL,
	"name" bigint NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "person_name_person_name_pk" PRIMARY KEY("person","name")
);
--> statement-breakpoint
CREATE TABLE "turn_facts" (
	"id" bigint PRIMARY KEY NOT NULL,
	"conversation" bigint NOT NULL,
	"message_id" text NOT NULL,
	"person" bigint NOT NULL,
	"user_name" bigint NOT NULL,
	"workspace" bigint,
	"channel" bigint,
	"topic" bigint,
	"parent" bigint,
	"thread" bigint,
	"state" text NOT NULL,
	"status" text NOT NULL,
	"model" text,
	"error" text,
	"detail" text,
	"input_tokens" bigint,
	"output_tokens" bigint,
	"reasoning_tokens" bigint,
	"cached_tokens" bigint,
	"tokens" bigint,
	"cost" bigint,
	"at" bigint NOT NULL,
	"settled_at" bigint,
	"first_text" bigint,
	"complete" bigint,
	"tries" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "turn_words" (
	"turn" bigint PRIMARY KEY NOT NULL,
	"words" "tsvector" NOT NULL,
	"question" text NOT NULL,
	"answer" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "conversation" ADD COLUMN "gone_at" bigint;--> statement-breakpoint
ALTER TABLE "conversation" ADD COLUMN "indexed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "turn" ADD COLUMN "model" text;--> statement-breakpoint
ALTER TABLE "turn" ADD COLUMN "price" text;--> statement-breakpoint
ALTER TABLE "turn" ADD COLUMN "settings" text;--> statement-breakpoint
ALTER TABLE "turn" ADD COLUMN "forgotten_at" bigint;--> statement-breakpoint
ALTER TABLE "turn" ADD COLUMN "indexed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "whereabouts" ADD COLUMN "indexed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "conversation_facts_channel" ON "conversation_facts" USING btree ("channel_id");--> statement-breakpoint
CREATE INDEX "conversation_facts_thread" ON "conversation_facts" USING btree ("thread_id");--> statement-breakpoint
CREATE INDEX "conversation_facts_telnyx" ON "conversation_facts" USING btree ("telnyx_id");--> statement-breakpoint
CREATE INDEX "conversation_facts_active" ON "conversation_facts" USING btree ("active_at","id");--> statement-breakpoint
CREATE INDEX "conversation_facts_started" ON "conversation_facts" USING btree ("started_at","id");--> statement-breakpoint
CREATE INDEX "conversation_facts_turns" ON "conversation_facts" USING btree ("turns","id");--> statement-breakpoint
CREATE INDEX "conversation_facts_tokens" ON "conversation_facts" USING btree ("tokens","id");--> statement-breakpoint
CREATE INDEX "conversation_facts_cost" ON "conversation_facts" USING btree ((case when priced = 0 then -1 else cost end),"id");--> statement-breakpoint
CREATE INDEX "conversation_facts_complete" ON "conversation_facts" USING btree ("complete","id");--> statement-breakpoint
CREATE INDEX "conversation_name_name" ON "conversation_name" USING btree ("name","conversation");--> statement-breakpoint
CREATE INDEX "name_facts_folded" ON "name_facts" USING btree ("field","folded");--> statement-breakpoint
CREATE INDEX "name_facts_used" ON "name_facts" USING btree ("field","used_at");--> statement-breakpoint
CREATE INDEX "person_facts_id" ON "person_facts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "person_facts_name" ON "person_facts" USING btree ("name");--> statement-breakpoint
CREATE INDEX "person_name_name" ON "person_name" USING btree ("name");--> statement-breakpoint
CREATE INDEX "turn_facts_conversation" ON "turn_facts" USING btree ("conversation","at");--> statement-breakpoint
CREATE INDEX "turn_facts_at" ON "turn_facts" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "turn_facts_person" ON "turn_facts" USING btree ("person","at","id");--> statement-breakpoint
CREATE INDEX "turn_facts_status" ON "turn_facts" USING btree ("status","at","id");--> statement-breakpoint
CREATE INDEX "turn_facts_model" ON "turn_facts" USING btree ("model","at","id");--> statement-breakpoint
CREATE INDEX "turn_facts_error" ON "turn_facts" USING btree ("error","at","id") WHERE error is not null;--> statement-breakpoint
CREATE INDEX "turn_facts_tokens" ON "turn_facts" USING btree ((case when tokens is null then -1 else tokens end),"id");--> statement-breakpoint
CREATE INDEX "turn_facts_cost" ON "turn_facts" USING btree ((case when cost is null then -1 else cost end),"id");--> statement-breakpoint
CREATE INDEX "turn_facts_complete" ON "turn_facts" USING btree ((case when complete is null then -1 else complete end),"id");--> statement-breakpoint
CREATE INDEX "turn_words_words" ON "turn_words" USING gin ("words");--> statement-breakpoint
CREATE INDEX "conversation_unindexed" ON "conversation" USING btree ("place","generation") WHERE indexed = false;--> statement-breakpoint
CREATE INDEX "turn_unindexed" ON "turn" USING btree ("id") WHERE indexed = false;--> statement-breakpoint
CREATE INDEX "whereabouts_unindexed" ON "whereabouts" USING btree ("place") WHERE indexed = false;