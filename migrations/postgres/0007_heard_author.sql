ALTER TABLE "heard" ADD COLUMN "message_id" text;--> statement-breakpoint
ALTER TABLE "heard" ADD COLUMN "sent_at" bigint;--> statement-breakpoint
ALTER TABLE "heard" ADD COLUMN "author" text;--> statement-breakpoint
ALTER TABLE "heard" ADD COLUMN "author_name" text;--> statement-breakpoint
CREATE INDEX "heard_author" ON "heard" USING btree ("author");