CREATE TABLE "conversation" (
	"place" text NOT NULL,
	"generation" integer NOT NULL,
	"telnyx_id" text,
	"create_key" text NOT NULL,
	"create_body" text NOT NULL,
	"metadata" text NOT NULL,
	"instructed" boolean DEFAULT false NOT NULL,
	"seen_id" text,
	"seen_at" bigint,
	"created_at" bigint NOT NULL,
	"linked_at" bigint,
	CONSTRAINT "conversation_place_generation_pk" PRIMARY KEY("place","generation")
);
--> statement-breakpoint
CREATE TABLE "heard" (
	"place" text NOT NULL,
	"generation" integer NOT NULL,
	"message_key" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "heard_place_generation_message_key_pk" PRIMARY KEY("place","generation","message_key")
);
--> statement-breakpoint
CREATE TABLE "lease" (
	"name" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"until" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "listened" (
	"platform" text NOT NULL,
	"part" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "listened_platform_part_pk" PRIMARY KEY("platform","part")
);
--> statement-breakpoint
CREATE TABLE "mailbox" (
	"place" text PRIMARY KEY NOT NULL,
	"due" bigint,
	"owner" text,
	"lease" bigint DEFAULT 0 NOT NULL,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"since" bigint NOT NULL,
	"gap_at" bigint
);
--> statement-breakpoint
CREATE TABLE "page" (
	"turn" bigint NOT NULL,
	"index" integer NOT NULL,
	"id" text,
	"intended_at" bigint NOT NULL,
	"posted_at" bigint,
	CONSTRAINT "page_turn_index_pk" PRIMARY KEY("turn","index")
);
--> statement-breakpoint
CREATE TABLE "replica" (
	"owner" text PRIMARY KEY NOT NULL,
	"lock" integer NOT NULL,
	CONSTRAINT "replica_lock" UNIQUE("lock")
);
--> statement-breakpoint
CREATE TABLE "tally" (
	"scope" text PRIMARY KEY NOT NULL,
	"draws" text NOT NULL,
	"longest" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "turn" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "turn_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"place" text NOT NULL,
	"message_key" text NOT NULL,
	"message" text NOT NULL,
	"sent_at" bigint DEFAULT 0 NOT NULL,
	"run_at" bigint NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'received' NOT NULL,
	"late" boolean DEFAULT false NOT NULL,
	"stop_asked" boolean DEFAULT false NOT NULL,
	"generation" integer,
	"input" text,
	"text" text,
	"usage" text,
	"incomplete" text,
	"error" text,
	"received_at" bigint NOT NULL,
	"calling_at" bigint,
	"first_text_at" bigint,
	"answered_at" bigint,
	"settled_at" bigint,
	CONSTRAINT "turn_message_key" UNIQUE("message_key")
);
--> statement-breakpoint
CREATE TABLE "whereabouts" (
	"place" text NOT NULL,
	"since" bigint NOT NULL,
	"facts" text NOT NULL,
	CONSTRAINT "whereabouts_place_since_pk" PRIMARY KEY("place","since")
);
--> statement-breakpoint
ALTER TABLE "conversation" ADD CONSTRAINT "conversation_place_mailbox_place_fk" FOREIGN KEY ("place") REFERENCES "mailbox"("place") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "heard" ADD CONSTRAINT "heard_place_generation_conversation_place_generation_fk" FOREIGN KEY ("place","generation") REFERENCES "conversation"("place","generation") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page" ADD CONSTRAINT "page_turn_turn_id_fk" FOREIGN KEY ("turn") REFERENCES "turn"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "turn" ADD CONSTRAINT "turn_place_mailbox_place_fk" FOREIGN KEY ("place") REFERENCES "mailbox"("place") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "turn" ADD CONSTRAINT "turn_place_generation_conversation_place_generation_fk" FOREIGN KEY ("place","generation") REFERENCES "conversation"("place","generation") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mailbox_due" ON "mailbox" USING btree ("due") WHERE due is not null and owner is null;--> statement-breakpoint
CREATE INDEX "mailbox_lease" ON "mailbox" USING btree ("lease") WHERE owner is not null;--> statement-breakpoint
CREATE INDEX "turn_open" ON "turn" USING btree ("place",(tries = 0),"sent_at","id") WHERE settled_at is null;--> statement-breakpoint
CREATE INDEX "turn_generation" ON "turn" USING btree ("place","generation") WHERE generation is not null;