CREATE TABLE "deaf" (
	"platform" text PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL
);
