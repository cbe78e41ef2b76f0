DROP INDEX "conversation_facts_active";--> statement-breakpoint
DROP INDEX "conversation_facts_started";--> statement-breakpoint
DROP INDEX "turn_facts_at";--> statement-breakpoint
DROP INDEX "turn_facts_person";--> statement-breakpoint
DROP INDEX "turn_facts_status";--> statement-breakpoint
DROP INDEX "turn_facts_model";--> statement-breakpoint
DROP INDEX "turn_facts_error";--> statement-breakpoint
DROP INDEX "turn_facts_tokens";--> statement-breakpoint
DROP INDEX "turn_facts_cost";--> statement-breakpoint
DROP INDEX "turn_facts_complete";--> statement-breakpoint
CREATE INDEX "turn_facts_first_text" ON "turn_facts" USING btree ("first_text","id","conversation") WHERE first_text is not null;--> statement-breakpoint
CREATE INDEX "conversation_facts_active" ON "conversation_facts" USING btree ("active_at","id","started_at","turns");--> statement-breakpoint
CREATE INDEX "conversation_facts_started" ON "conversation_facts" USING btree ("started_at","id","active_at","turns");--> statement-breakpoint
CREATE INDEX "turn_facts_at" ON "turn_facts" USING btree ("at","id","conversation");--> statement-breakpoint
CREATE INDEX "turn_facts_person" ON "turn_facts" USING btree ("person","at","id","conversation");--> statement-breakpoint
CREATE INDEX "turn_facts_status" ON "turn_facts" USING btree ("status","at","id","conversation");--> statement-breakpoint
CREATE INDEX "turn_facts_model" ON "turn_facts" USING btree ("model","at","id","conversation");--> statement-breakpoint
CREATE INDEX "turn_facts_error" ON "turn_facts" USING btree ("error","at","id","conversation") WHERE error is not null;--> statement-breakpoint
CREATE INDEX "turn_facts_tokens" ON "turn_facts" USING btree ((case when tokens is null then -1 else tokens end),"id","conversation","tokens");--> statement-breakpoint
CREATE INDEX "turn_facts_cost" ON "turn_facts" USING btree ((case when cost is null then -1 else cost end),"id","conversation","cost");--> statement-breakpoint
CREATE INDEX "turn_facts_complete" ON "turn_facts" USING btree ((case when complete is null then -1 else complete end),"id","conversation","complete");--> statement-breakpoint
ANALYZE "conversation_facts", "turn_facts";
