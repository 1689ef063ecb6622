CREATE TABLE `files` (
	`id` text PRIMARY KEY NOT NULL,
	`submission_id` text,
	`field` text NOT NULL,
	`filename` text NOT NULL,
	`kind` text NOT NULL,
	`media_type` text NOT NULL,
	`bytes` integer NOT NULL,
	`width` integer,
	`height` integer,
	`stored` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`submission_id`) REFERENCES `submissions`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "files_kind" CHECK("files"."kind" IN ('image', 'document', 'avatar')),
	CONSTRAINT "files_bytes" CHECK("files"."bytes" >= 0)
);
--> statement-breakpoint
CREATE INDEX `files_by_submission` ON `files` (`submission_id`);--> statement-breakpoint
CREATE TABLE `form_addresses` (
	`address` text PRIMARY KEY NOT NULL,
	`form_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`retires_at` integer,
	FOREIGN KEY (`form_id`) REFERENCES `forms`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `form_addresses_by_form` ON `form_addresses` (`form_id`,`created_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `form_addresses_present` ON `form_addresses` (`form_id`) WHERE retires_at IS NULL;--> statement-breakpoint
CREATE INDEX `forms_by_created` ON `forms` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `forms_by_active` ON `forms` (`active`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` text PRIMARY KEY NOT NULL,
	`topic` text NOT NULL,
	`resource_id` text NOT NULL,
	`payload` text NOT NULL,
	`due_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "outbox_payload_json" CHECK(json_type("outbox"."payload") = 'object')
);
--> statement-breakpoint
CREATE INDEX `outbox_by_due` ON `outbox` (`due_at`,`id`);--> statement-breakpoint
CREATE INDEX `outbox_by_resource` ON `outbox` (`resource_id`);--> statement-breakpoint
-- Columns are added one by one: a table that others refer to cannot be rebuilt without touching their rows.
ALTER TABLE `forms` ADD `default_status` text DEFAULT 'new' NOT NULL CONSTRAINT "forms_default_status" CHECK("default_status" IN ('new', 'contacted', 'qualified', 'converted', 'lost'));--> statement-breakpoint
ALTER TABLE `forms` ADD `site_name` text;--> statement-breakpoint
ALTER TABLE `forms` ADD `color` text;--> statement-breakpoint
ALTER TABLE `forms` ADD `redirect_url` text;--> statement-breakpoint
ALTER TABLE `forms` ADD `error_url` text;--> statement-breakpoint
ALTER TABLE `forms` ADD `captcha` text CONSTRAINT "forms_captcha_json" CHECK(json_type("captcha") = 'object');--> statement-breakpoint
ALTER TABLE `forms` ADD `notify_emails` text DEFAULT '[]' NOT NULL CONSTRAINT "forms_notify_emails_json" CHECK(json_type("notify_emails") = 'array');--> statement-breakpoint
ALTER TABLE `forms` ADD `uploads` text CONSTRAINT "forms_uploads_json" CHECK(json_type("uploads") = 'object');--> statement-breakpoint
ALTER TABLE `forms` ADD `rate_limit` text;--> statement-breakpoint
ALTER TABLE `forms` ADD `repeat_contacts` text DEFAULT 'touch' NOT NULL CONSTRAINT "forms_repeat_contacts" CHECK("repeat_contacts" IN ('touch', 'new'));--> statement-breakpoint
ALTER TABLE `forms` ADD `disposable_emails` text DEFAULT 'flag' NOT NULL CONSTRAINT "forms_disposable_emails" CHECK("disposable_emails" IN ('accept', 'flag', 'refuse'));--> statement-breakpoint
ALTER TABLE `forms` ADD `retention_days` integer CONSTRAINT "forms_retention_days" CHECK("retention_days" BETWEEN 1 AND 3650);--> statement-breakpoint
ALTER TABLE `forms` ADD `version` integer DEFAULT 1 NOT NULL CONSTRAINT "forms_version" CHECK("version" >= 1);--> statement-breakpoint
INSERT INTO `form_addresses` (`address`, `form_id`, `created_at`) SELECT `id`, `id`, `created_at` FROM `forms`;--> statement-breakpoint
ALTER TABLE `lead_events` ADD `submission_id` text REFERENCES submissions(id) ON DELETE SET NULL;--> statement-breakpoint
CREATE INDEX `lead_events_by_submission` ON `lead_events` (`submission_id`);--> statement-breakpoint
ALTER TABLE `submissions` ADD `attribution` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `submissions` ADD `reviewed_by` text;--> statement-breakpoint
ALTER TABLE `submissions` ADD `reviewed_at` integer;--> statement-breakpoint
CREATE INDEX `submissions_by_created` ON `submissions` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `submissions_by_verdict` ON `submissions` (`verdict`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `submission_reasons` (
	`reason` text NOT NULL,
	`created_at` integer NOT NULL,
	`submission_id` text NOT NULL,
	PRIMARY KEY(`reason`, `created_at`, `submission_id`),
	FOREIGN KEY (`submission_id`) REFERENCES `submissions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `submission_reasons_by_submission` ON `submission_reasons` (`submission_id`);--> statement-breakpoint
CREATE TRIGGER submission_reasons_insert AFTER INSERT ON submissions WHEN new.reasons <> '[]' BEGIN
  INSERT OR IGNORE INTO submission_reasons (reason, created_at, submission_id)
  SELECT value, new.created_at, new.id FROM json_each(new.reasons);
END;
--> statement-breakpoint
CREATE TRIGGER submission_reasons_update AFTER UPDATE OF reasons ON submissions BEGIN
  DELETE FROM submission_reasons WHERE submission_id = new.id;
  INSERT OR IGNORE INTO submission_reasons (reason, created_at, submission_id)
  SELECT value, new.created_at, new.id FROM json_each(new.reasons);
END;
