CREATE TABLE `beginnings_from` (
	`turn` integer PRIMARY KEY NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `beginnings_from` (`turn`) SELECT coalesce(max(`id`), 0) + 1 FROM `turn`;--> statement-breakpoint
CREATE VIRTUAL TABLE `turn_beginnings` USING fts5(`words`, content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii');
