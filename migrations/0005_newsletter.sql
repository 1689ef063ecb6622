CREATE TABLE `confirmations` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`subscriber_id` text NOT NULL,
	`list_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`list_id`) REFERENCES `lists`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `confirmations_tokenHash_unique` ON `confirmations` (`token_hash`);--> statement-breakpoint
CREATE INDEX `confirmations_by_subscriber` ON `confirmations` (`subscriber_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `confirmations_by_expiry` ON `confirmations` (`expires_at`);--> statement-breakpoint
CREATE TABLE `suppressions` (
	`subject_hash` text NOT NULL,
	`list_id` text DEFAULT '' NOT NULL,
	`reason` text NOT NULL,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`subject_hash`, `list_id`, `reason`),
	CONSTRAINT "suppressions_reason" CHECK("suppressions"."reason" IN ('unsubscribed', 'complained', 'bounced', 'erased', 'blocked'))
);
--> statement-breakpoint
CREATE INDEX `suppressions_by_created` ON `suppressions` (`created_at`,`subject_hash`);--> statement-breakpoint
-- Columns are added one by one: a table that others refer to cannot be rebuilt without touching their rows.
ALTER TABLE `lists` ADD `opt_in` text DEFAULT 'double' NOT NULL CONSTRAINT "lists_opt_in" CHECK("opt_in" IN ('single', 'double'));--> statement-breakpoint
ALTER TABLE `lists` ADD `visibility` text DEFAULT 'public' NOT NULL CONSTRAINT "lists_visibility" CHECK("visibility" IN ('public', 'private'));--> statement-breakpoint
ALTER TABLE `lists` ADD `description` text;--> statement-breakpoint
ALTER TABLE `lists` ADD `consent_text` text;--> statement-breakpoint
ALTER TABLE `lists` ADD `consent_version` text;--> statement-breakpoint
ALTER TABLE `lists` ADD `retention_days` integer CONSTRAINT "lists_retention_days" CHECK("retention_days" BETWEEN 1 AND 3650);--> statement-breakpoint
ALTER TABLE `lists` ADD `updated_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `lists` SET `updated_at` = `created_at`;--> statement-breakpoint
ALTER TABLE `lists` ADD `version` integer DEFAULT 1 NOT NULL CONSTRAINT "lists_version" CHECK("version" >= 1);--> statement-breakpoint
ALTER TABLE `forms` ADD `kind` text DEFAULT 'lead' NOT NULL CONSTRAINT "forms_kind" CHECK("kind" IN ('lead', 'newsletter'));--> statement-breakpoint
ALTER TABLE `forms` ADD `list_id` text REFERENCES lists(id) ON DELETE RESTRICT;--> statement-breakpoint
ALTER TABLE `subscribers` ADD `language` text;--> statement-breakpoint
ALTER TABLE `subscribers` ADD `tags` text DEFAULT '[]' NOT NULL CONSTRAINT "subscribers_tags_json" CHECK(json_type("tags") = 'array');--> statement-breakpoint
ALTER TABLE `subscribers` ADD `attributes` text DEFAULT '{}' NOT NULL CONSTRAINT "subscribers_attributes_json" CHECK(json_type("attributes") = 'object');--> statement-breakpoint
ALTER TABLE `subscribers` ADD `version` integer DEFAULT 1 NOT NULL CONSTRAINT "subscribers_version" CHECK("version" >= 1);--> statement-breakpoint
ALTER TABLE `consents` ADD `ip_network` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `text_hash` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `confirmation_id` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `subject_hash` text;--> statement-breakpoint
CREATE INDEX `consents_by_subject` ON `consents` (`subject_hash`,`list_id`,`at`);
