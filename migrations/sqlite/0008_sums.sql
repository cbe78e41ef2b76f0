CREATE TABLE `outcome_scope` (
	`id` integer PRIMARY KEY NOT NULL,
	`model` text NOT NULL,
	`status` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outcome_scope_key` ON `outcome_scope` (`model`,`status`);--> statement-breakpoint
CREATE TABLE `place_scope` (
	`id` integer PRIMARY KEY NOT NULL,
	`platform` text NOT NULL,
	`workspace_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`kind` text NOT NULL,
	`workspace` integer NOT NULL,
	`channel` integer NOT NULL,
	`parent` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `place_scope_key` ON `place_scope` (`channel_id`,`platform`,`workspace_id`,`kind`,`workspace`,`channel`,`parent`);--> statement-breakpoint
CREATE TABLE `sum_cell` (
	`cube` text NOT NULL,
	`span` text NOT NULL,
	`scope` integer NOT NULL,
	`start` integer NOT NULL,
	`turns` integer NOT NULL,
	`failed` integer NOT NULL,
	`tokens` integer NOT NULL,
	`cost` integer NOT NULL,
	`priced` integer NOT NULL,
	`people` text NOT NULL,
	`conversations` text NOT NULL,
	`first_text` text NOT NULL,
	`complete` text NOT NULL,
	PRIMARY KEY(`cube`, `span`, `scope`, `start`)
) WITHOUT ROWID;
--> statement-breakpoint
DROP INDEX `conversation_facts_channel`;--> statement-breakpoint
CREATE INDEX `conversation_facts_workspace` ON `conversation_facts` (`workspace_id`,`active_at`);--> statement-breakpoint
CREATE INDEX `conversation_facts_channel` ON `conversation_facts` (`channel_id`,`active_at`);--> statement-breakpoint
ALTER TABLE `turn_facts` ADD `scope` integer;--> statement-breakpoint
CREATE INDEX `turn_facts_uncounted` ON `turn_facts` (`id`) WHERE scope is null;