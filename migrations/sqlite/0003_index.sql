CREATE TABLE `conversation_facts` (
	`id` integer PRIMARY KEY NOT NULL,
	`place` text NOT NULL,
	`generation` integer NOT NULL,
	`platform` text NOT NULL,
	`workspace_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`kind` text NOT NULL,
	`thread_id` text,
	`telnyx_id` text,
	`workspace` integer,
	`channel` integer,
	`topic` integer,
	`parent` integer,
	`thread` integer,
	`started_by` text NOT NULL,
	`started_by_name` text NOT NULL,
	`started_at` integer NOT NULL,
	`active_at` integer NOT NULL,
	`turns` integer DEFAULT 0 NOT NULL,
	`open` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`tokens` integer DEFAULT 0 NOT NULL,
	`cost` integer DEFAULT 0 NOT NULL,
	`priced` integer DEFAULT 0 NOT NULL,
	`complete` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `conversation_facts_channel` ON `conversation_facts` (`channel_id`);--> statement-breakpoint
CREATE INDEX `conversation_facts_thread` ON `conversation_facts` (`thread_id`);--> statement-breakpoint
CREATE INDEX `conversation_facts_telnyx` ON `conversation_facts` (`telnyx_id`);--> statement-breakpoint
CREATE INDEX `conversation_facts_active` ON `conversation_facts` (`active_at`,`id`);--> statement-breakpoint
CREATE INDEX `conversation_facts_started` ON `conversation_facts` (`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `conversation_facts_turns` ON `conversation_facts` (`turns`,`id`);--> statement-breakpoint
CREATE INDEX `conversation_facts_tokens` ON `conversation_facts` (`tokens`,`id`);--> statement-breakpoint
CREATE INDEX `conversation_facts_cost` ON `conversation_facts` ((case when priced = 0 then -1 else cost end),`id`);--> statement-breakpoint
CREATE INDEX `conversation_facts_complete` ON `conversation_facts` (`complete`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `conversation_facts_key` ON `conversation_facts` (`place`,`generation`);--> statement-breakpoint
CREATE TABLE `conversation_name` (
	`conversation` integer NOT NULL,
	`name` integer NOT NULL,
	`until` integer,
	PRIMARY KEY(`conversation`, `name`)
);
--> statement-breakpoint
CREATE INDEX `conversation_name_name` ON `conversation_name` (`name`,`conversation`);--> statement-breakpoint
CREATE TABLE `name_facts` (
	`id` integer PRIMARY KEY NOT NULL,
	`field` text NOT NULL,
	`name` text NOT NULL,
	`folded` text NOT NULL,
	`used_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `name_facts_folded` ON `name_facts` (`field`,`folded`);--> statement-breakpoint
CREATE INDEX `name_facts_used` ON `name_facts` (`field`,`used_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `name_facts_name` ON `name_facts` (`field`,`name`);--> statement-breakpoint
CREATE TABLE `person_facts` (
	`id` integer PRIMARY KEY NOT NULL,
	`platform` text NOT NULL,
	`workspace_id` text NOT NULL,
	`user_id` text NOT NULL,
	`name` integer NOT NULL,
	`named_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `person_facts_id` ON `person_facts` (`user_id`);--> statement-breakpoint
CREATE INDEX `person_facts_name` ON `person_facts` (`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `person_facts_user` ON `person_facts` (`platform`,`workspace_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `person_name` (
	`person` integer NOT NULL,
	`name` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`person`, `name`)
);
--> statement-breakpoint
CREATE INDEX `person_name_name` ON `person_name` (`name`);--> statement-breakpoint
CREATE TABLE `turn_facts` (
	`id` integer PRIMARY KEY NOT NULL,
	`conversation` integer NOT NULL,
	`message_id` text NOT NULL,
	`person` integer NOT NULL,
	`user_name` integer NOT NULL,
	`workspace` integer,
	`channel` integer,
	`topic` integer,
	`parent` integer,
	`thread` integer,
	`state` text NOT NULL,
	`status` text NOT NULL,
	`model` text,
	`error` text,
	`detail` text,
	`input_tokens` integer,
	`output_tokens` integer,
	`reasoning_tokens` integer,
	`cached_tokens` integer,
	`tokens` integer,
	`cost` integer,
	`at` integer NOT NULL,
	`settled_at` integer,
	`first_text` integer,
	`complete` integer,
	`tries` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `turn_facts_conversation` ON `turn_facts` (`conversation`,`at`);--> statement-breakpoint
CREATE INDEX `turn_facts_at` ON `turn_facts` (`at`,`id`);--> statement-breakpoint
CREATE INDEX `turn_facts_person` ON `turn_facts` (`person`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `turn_facts_status` ON `turn_facts` (`status`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `turn_facts_model` ON `turn_facts` (`model`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `turn_facts_error` ON `turn_facts` (`error`,`at`,`id`) WHERE error is not null;--> statement-breakpoint
CREATE INDEX `turn_facts_tokens` ON `turn_facts` ((case when tokens is null then -1 else tokens end),`id`);--> statement-breakpoint
CREATE INDEX `turn_facts_cost` ON `turn_facts` ((case when cost is null then -1 else cost end),`id`);--> statement-breakpoint
CREATE INDEX `turn_facts_complete` ON `turn_facts` ((case when complete is null then -1 else complete end),`id`);--> statement-breakpoint
ALTER TABLE `conversation` ADD `gone_at` integer;--> statement-breakpoint
ALTER TABLE `conversation` ADD `indexed` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `conversation_unindexed` ON `conversation` (`place`,`generation`) WHERE indexed = false;--> statement-breakpoint
ALTER TABLE `turn` ADD `model` text;--> statement-breakpoint
ALTER TABLE `turn` ADD `price` text;--> statement-breakpoint
ALTER TABLE `turn` ADD `settings` text;--> statement-breakpoint
ALTER TABLE `turn` ADD `forgotten_at` integer;--> statement-breakpoint
ALTER TABLE `turn` ADD `indexed` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `turn_unindexed` ON `turn` (`id`) WHERE indexed = false;--> statement-breakpoint
ALTER TABLE `whereabouts` ADD `indexed` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `whereabouts_unindexed` ON `whereabouts` (`place`) WHERE indexed = false;--> statement-breakpoint
CREATE VIRTUAL TABLE `turn_words` USING fts5(`question`, `answer`, content = '', contentless_delete = 1, tokenize = 'ascii');
