CREATE TABLE "audit" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"who" text NOT NULL,
	"via" text NOT NULL,
	"what" text NOT NULL,
	"about" bigint,
	"rows" bigint,
	"commitment" text NOT NULL,
	"previous" text NOT NULL,
	"hash" text NOT NULL,
	"salt" text,
	"content" text
);
--> statement-breakpoint
CREATE INDEX "audit_who" ON "audit" USING btree ("who","seq");--> statement-breakpoint
CREATE INDEX "audit_what" ON "audit" USING btree ("what","seq");--> statement-breakpoint
CREATE FUNCTION audit_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), 0) + 1 FROM audit) THEN
		RAISE EXCEPTION 'the audit takes nothing but its next entry';
	END IF;
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "audit_next" BEFORE INSERT ON "audit" FOR EACH ROW EXECUTE FUNCTION audit_next();--> statement-breakpoint
CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'nothing is deleted from the audit';
END $$;--> statement-breakpoint
CREATE TRIGGER "audit_kept" BEFORE DELETE OR TRUNCATE ON "audit" FOR EACH STATEMENT EXECUTE FUNCTION audit_kept();--> statement-breakpoint
CREATE FUNCTION audit_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.salt IS NOT NULL OR NEW.content IS NOT NULL
		OR (NEW.seq, NEW.at, NEW.who, NEW.via, NEW.what, NEW.about, NEW.rows, NEW.commitment, NEW.previous, NEW.hash)
		IS DISTINCT FROM (OLD.seq, OLD.at, OLD.who, OLD.via, OLD.what, OLD.about, OLD.rows, OLD.commitment, OLD.previous, OLD.hash)
	THEN
		RAISE EXCEPTION 'nothing in the audit is changed: salt and content can be erased together';
	END IF;
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "audit_unchanged" BEFORE UPDATE ON "audit" FOR EACH ROW EXECUTE FUNCTION audit_unchanged();
