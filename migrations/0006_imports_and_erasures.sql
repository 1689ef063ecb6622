CREATE TABLE `erasures` (
	`id` text PRIMARY KEY NOT NULL,
	`subject_hash` text NOT NULL,
	`counts` text NOT NULL,
	`actor` text NOT NULL,
	`request_id` text,
	`at` integer NOT NULL,
	CONSTRAINT "erasures_counts_json" CHECK(json_type("erasures"."counts") = 'object')
);
--> statement-breakpoint
CREATE INDEX `erasures_by_subject` ON `erasures` (`subject_hash`);--> statement-breakpoint
CREATE TABLE `imports` (
	`id` text PRIMARY KEY NOT NULL,
	`list_id` text NOT NULL,
	`fingerprint` text,
	`on_conflict` text NOT NULL,
	`consent` text,
	`state` text DEFAULT 'open' NOT NULL,
	`rows_total` integer,
	`rows_done` integer DEFAULT 0 NOT NULL,
	`added` integer DEFAULT 0 NOT NULL,
	`changed` integer DEFAULT 0 NOT NULL,
	`unchanged` integer DEFAULT 0 NOT NULL,
	`suppressed` integer DEFAULT 0 NOT NULL,
	`invalid` integer DEFAULT 0 NOT NULL,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`list_id`) REFERENCES `lists`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "imports_on_conflict" CHECK("imports"."on_conflict" IN ('ignore', 'merge')),
	CONSTRAINT "imports_state" CHECK("imports"."state" IN ('open', 'done')),
	CONSTRAINT "imports_counts" CHECK("imports"."rows_done" = "imports"."added" + "imports"."changed" + "imports"."unchanged" + "imports"."suppressed" + "imports"."invalid")
);
--> statement-breakpoint
CREATE INDEX `imports_by_list` ON `imports` (`list_id`);--> statement-breakpoint
CREATE INDEX `imports_by_fingerprint` ON `imports` (`fingerprint`);--> statement-breakpoint
CREATE TABLE `subscriber_tags` (
	`tag` text NOT NULL,
	`subscriber_id` text NOT NULL,
	PRIMARY KEY(`tag`, `subscriber_id`),
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `subscriber_tags_by_subscriber` ON `subscriber_tags` (`subscriber_id`);--> statement-breakpoint
ALTER TABLE `lists` ADD `consent_text_hash` text;--> statement-breakpoint
CREATE INDEX `forms_by_list` ON `forms` (`list_id`);--> statement-breakpoint
CREATE INDEX `confirmations_by_list` ON `confirmations` (`list_id`);--> statement-breakpoint
CREATE INDEX `consents_by_list` ON `consents` (`list_id`);--> statement-breakpoint
CREATE INDEX `consents_by_form` ON `consents` (`form_id`);--> statement-breakpoint
CREATE INDEX `subscriptions_by_state_and_update` ON `subscriptions` (`state`,`updated_at`);
--> statement-breakpoint
CREATE TRIGGER subscriber_tags_insert AFTER INSERT ON subscribers WHEN new.tags <> '[]' BEGIN
  INSERT OR IGNORE INTO subscriber_tags (tag, subscriber_id) SELECT value, new.id FROM json_each(new.tags);
END;
--> statement-breakpoint
CREATE TRIGGER subscriber_tags_update AFTER UPDATE OF tags ON subscribers WHEN new.tags <> old.tags BEGIN
  DELETE FROM subscriber_tags WHERE subscriber_id = new.id;
  INSERT OR IGNORE INTO subscriber_tags (tag, subscriber_id) SELECT value, new.id FROM json_each(new.tags);
END;
--> statement-breakpoint
-- A word that nobody has any more leaves the index at once, and not when it is merged: people are to be forgotten.
INSERT INTO leads_search (leads_search, rank) VALUES ('secure-delete', 1);
