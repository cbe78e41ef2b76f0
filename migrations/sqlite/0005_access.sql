CREATE TABLE `api_token` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`prefix` text NOT NULL,
	`place_query` text NOT NULL,
	`reads` text NOT NULL,
	`private` integer NOT NULL,
	`rights` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`used_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_token_hash` ON `api_token` (`hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `api_token_name` ON `api_token` (`name`) WHERE revoked_at IS NULL;--> statement-breakpoint
CREATE TABLE `cookie_key` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `session` (
	`id` integer PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`former` text,
	`person` text NOT NULL,
	`csrf` text NOT NULL,
	`opened_at` integer NOT NULL,
	`used_at` integer NOT NULL,
	`replaced_at` integer NOT NULL,
	`confirmed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `session_hash` ON `session` (`hash`);--> statement-breakpoint
CREATE INDEX `session_former` ON `session` (`former`);