ALTER TABLE `heard` ADD `message_id` text;--> statement-breakpoint
ALTER TABLE `heard` ADD `sent_at` integer;--> statement-breakpoint
ALTER TABLE `heard` ADD `author` text;--> statement-breakpoint
ALTER TABLE `heard` ADD `author_name` text;--> statement-breakpoint
CREATE INDEX `heard_author` ON `heard` (`author`);