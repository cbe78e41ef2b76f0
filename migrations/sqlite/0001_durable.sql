CREATE TABLE `listened` (
	`platform` text NOT NULL,
	`part` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`platform`, `part`)
);
--> statement-breakpoint
DROP INDEX `turn_open`;--> statement-breakpoint
ALTER TABLE `turn` ADD `sent_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `turn` ADD `late` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `turn` ADD `stop_asked` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `turn_open` ON `turn` (`place`,(tries = 0),`sent_at`,`id`) WHERE settled_at is null;--> statement-breakpoint
UPDATE `turn` SET `sent_at` = CAST(json_extract(`message`, '$.sentAt') AS INTEGER);
