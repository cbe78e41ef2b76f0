CREATE TABLE `audit` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`who` text NOT NULL,
	`via` text NOT NULL,
	`what` text NOT NULL,
	`about` integer,
	`rows` integer,
	`commitment` text NOT NULL,
	`previous` text NOT NULL,
	`hash` text NOT NULL,
	`salt` text,
	`content` text
);
--> statement-breakpoint
CREATE INDEX `audit_who` ON `audit` (`who`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_what` ON `audit` (`what`,`seq`);--> statement-breakpoint
CREATE TRIGGER `audit_next` BEFORE INSERT ON `audit`
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN
	SELECT RAISE(ABORT, 'the audit takes nothing but its next entry');
END;--> statement-breakpoint
CREATE TRIGGER `audit_kept` BEFORE DELETE ON `audit`
BEGIN
	SELECT RAISE(ABORT, 'nothing is deleted from the audit');
END;--> statement-breakpoint
CREATE TRIGGER `audit_unchanged` BEFORE UPDATE ON `audit`
WHEN NEW.salt IS NOT NULL OR NEW.content IS NOT NULL OR NEW.seq IS NOT OLD.seq OR NEW.at IS NOT OLD.at OR NEW.who IS NOT OLD.who
	OR NEW.via IS NOT OLD.via OR NEW.what IS NOT OLD.what OR NEW.about IS NOT OLD.about OR NEW.rows IS NOT OLD.rows
	OR NEW.commitment IS NOT OLD.commitment OR NEW.previous IS NOT OLD.previous OR NEW.hash IS NOT OLD.hash
BEGIN
	SELECT RAISE(ABORT, 'nothing in the audit is changed: salt and content can be erased together');
END;
