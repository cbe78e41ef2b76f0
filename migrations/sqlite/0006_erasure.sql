CREATE TABLE `forgetting` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`place` text NOT NULL,
	`generation` integer NOT NULL,
	`person` text NOT NULL,
	`names` text NOT NULL,
	`before` integer NOT NULL,
	`asked_at` integer NOT NULL,
	`step` text DEFAULT 'here' NOT NULL,
	`run_at` integer NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `forgetting_what` ON `forgetting` (`place`,`generation`,`person`);--> statement-breakpoint
CREATE TABLE `legal_hold` (
	`place` text NOT NULL,
	`generation` integer NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	PRIMARY KEY(`place`, `generation`)
);
