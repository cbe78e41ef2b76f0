CREATE TABLE `conversation` (
	`place` text NOT NULL,
	`generation` integer NOT NULL,
	`telnyx_id` text,
	`create_key` text NOT NULL,
	`create_body` text NOT NULL,
	`metadata` text NOT NULL,
	`instructed` integer DEFAULT false NOT NULL,
	`seen_id` text,
	`seen_at` integer,
	`created_at` integer NOT NULL,
	`linked_at` integer,
	PRIMARY KEY(`place`, `generation`),
	FOREIGN KEY (`place`) REFERENCES `mailbox`(`place`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `heard` (
	`place` text NOT NULL,
	`generation` integer NOT NULL,
	`message_key` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`place`, `generation`, `message_key`),
	FOREIGN KEY (`place`,`generation`) REFERENCES `conversation`(`place`,`generation`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `mailbox` (
	`place` text PRIMARY KEY NOT NULL,
	`due` integer,
	`owner` text,
	`lease` integer DEFAULT 0 NOT NULL,
	`epoch` integer DEFAULT 0 NOT NULL,
	`since` integer NOT NULL,
	`gap_at` integer
);
--> statement-breakpoint
CREATE INDEX `mailbox_due` ON `mailbox` (`due`) WHERE due is not null and owner is null;--> statement-breakpoint
CREATE INDEX `mailbox_lease` ON `mailbox` (`lease`) WHERE owner is not null;--> statement-breakpoint
CREATE TABLE `page` (
	`turn` integer NOT NULL,
	`index` integer NOT NULL,
	`id` text,
	`intended_at` integer NOT NULL,
	`posted_at` integer,
	PRIMARY KEY(`turn`, `index`),
	FOREIGN KEY (`turn`) REFERENCES `turn`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `turn` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`place` text NOT NULL,
	`message_key` text NOT NULL,
	`message` text NOT NULL,
	`run_at` integer NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`state` text DEFAULT 'received' NOT NULL,
	`generation` integer,
	`input` text,
	`text` text,
	`usage` text,
	`incomplete` text,
	`error` text,
	`received_at` integer NOT NULL,
	`calling_at` integer,
	`first_text_at` integer,
	`answered_at` integer,
	`settled_at` integer,
	FOREIGN KEY (`place`) REFERENCES `mailbox`(`place`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`place`,`generation`) REFERENCES `conversation`(`place`,`generation`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `turn_message_key` ON `turn` (`message_key`);--> statement-breakpoint
CREATE INDEX `turn_open` ON `turn` (`place`,`id`) WHERE settled_at is null;--> statement-breakpoint
CREATE INDEX `turn_generation` ON `turn` (`place`,`generation`) WHERE generation is not null;--> statement-breakpoint
CREATE TABLE `whereabouts` (
	`place` text NOT NULL,
	`since` integer NOT NULL,
	`facts` text NOT NULL,
	PRIMARY KEY(`place`, `since`)
);
