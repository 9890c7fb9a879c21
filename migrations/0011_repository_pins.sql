CREATE TABLE "repository_pins" (
	"holder_id" bigint NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"repo_id" bigint NOT NULL,
	"pinned_at" timestamp with time zone NOT NULL,
	CONSTRAINT "repository_pins_holder_id_key_name_pk" PRIMARY KEY("holder_id","key","name"),
	CONSTRAINT "repository_pins_key" CHECK ("key" in ('repos', 'accept_from'))
);
