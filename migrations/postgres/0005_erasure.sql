CREATE TABLE "forgetting" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "forgetting_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"place" text NOT NULL,
	"generation" integer NOT NULL,
	"person" text NOT NULL,
	"names" text NOT NULL,
	"before" bigint NOT NULL,
	"asked_at" bigint NOT NULL,
	"step" text DEFAULT 'here' NOT NULL,
	"run_at" bigint NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "forgetting_what" UNIQUE("place","generation","person")
);
--> statement-breakpoint
CREATE TABLE "legal_hold" (
	"place" text NOT NULL,
	"generation" integer NOT NULL,
	"at" bigint NOT NULL,
	"by" text NOT NULL,
	CONSTRAINT "legal_hold_place_generation_pk" PRIMARY KEY("place","generation")
);
