CREATE TABLE `deaf` (
	`platform` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
