CREATE TABLE `audit_log` (
	`id` text PRIMARY KEY NOT NULL,
	`action` text NOT NULL,
	`actor` text NOT NULL,
	`target_id` text NOT NULL,
	`request_id` text,
	`detail` text NOT NULL,
	`at` integer NOT NULL,
	CONSTRAINT "audit_log_detail_json" CHECK(json_type("audit_log"."detail") = 'object')
);
--> statement-breakpoint
CREATE INDEX `audit_log_by_time` ON `audit_log` (`at`,`id`);--> statement-breakpoint
CREATE TABLE `forms` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`allowed_origins` text DEFAULT '[]' NOT NULL,
	`default_source` text,
	`default_category` text,
	`active` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "forms_name_length" CHECK(length("forms"."name") BETWEEN 1 AND 255),
	CONSTRAINT "forms_allowed_origins_json" CHECK(json_type("forms"."allowed_origins") = 'array')
);
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`sender` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`resource_id` text NOT NULL,
	`status` integer NOT NULL,
	`body` text,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`sender`, `idempotency_key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_by_expiry` ON `idempotency_keys` (`expires_at`);--> statement-breakpoint
CREATE INDEX `idempotency_keys_by_resource` ON `idempotency_keys` (`resource_id`);--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`mode` text NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`last_four` text NOT NULL,
	`scopes` text DEFAULT '[]' NOT NULL,
	`origins` text DEFAULT '[]' NOT NULL,
	`form_id` text,
	`rate_limit` text,
	`expires_at` integer,
	`revoked_at` integer,
	`last_used_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	FOREIGN KEY (`form_id`) REFERENCES `forms`(`id`) ON UPDATE no action ON DELETE restrict,
	CONSTRAINT "api_keys_kind" CHECK("api_keys"."kind" IN ('publishable', 'secret')),
	CONSTRAINT "api_keys_mode" CHECK("api_keys"."mode" IN ('live', 'test')),
	CONSTRAINT "api_keys_hash_length" CHECK(length("api_keys"."hash") = 64),
	CONSTRAINT "api_keys_form" CHECK(("api_keys"."kind" = 'publishable') = ("api_keys"."form_id" IS NOT NULL)),
	CONSTRAINT "api_keys_scopes_json" CHECK(json_type("api_keys"."scopes") = 'array'),
	CONSTRAINT "api_keys_origins_json" CHECK(json_type("api_keys"."origins") = 'array')
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash_unique` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE INDEX `api_keys_by_created` ON `api_keys` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `lead_events` (
	`id` text PRIMARY KEY NOT NULL,
	`lead_id` text NOT NULL,
	`type` text NOT NULL,
	`version` integer,
	`actor` text NOT NULL,
	`changes` text,
	`at` integer NOT NULL,
	FOREIGN KEY (`lead_id`) REFERENCES `leads`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "lead_events_type" CHECK("lead_events"."type" IN ('created', 'updated', 'touched', 'deleted')),
	CONSTRAINT "lead_events_changes_json" CHECK("lead_events"."changes" IS NULL OR json_valid("lead_events"."changes"))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `lead_events_version` ON `lead_events` (`lead_id`,`version`);--> statement-breakpoint
CREATE INDEX `lead_events_by_lead` ON `lead_events` (`lead_id`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `leads` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`full_name` text NOT NULL,
	`position` text,
	`company_name` text,
	`phone_number` text,
	`email` text,
	`email_key` text,
	`source` text,
	`status` text DEFAULT 'new' NOT NULL,
	`category` text,
	`notes` text,
	`attribution` text DEFAULT '{}' NOT NULL,
	`form_id` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	FOREIGN KEY (`form_id`) REFERENCES `forms`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "leads_full_name_length" CHECK(length("leads"."full_name") BETWEEN 2 AND 255),
	CONSTRAINT "leads_notes_length" CHECK(length("leads"."notes") <= 5000),
	CONSTRAINT "leads_email_or_phone" CHECK("leads"."email" IS NOT NULL OR "leads"."phone_number" IS NOT NULL),
	CONSTRAINT "leads_email_key" CHECK(("leads"."email" IS NULL) = ("leads"."email_key" IS NULL)),
	CONSTRAINT "leads_status" CHECK("leads"."status" IN ('new', 'contacted', 'qualified', 'converted', 'lost')),
	CONSTRAINT "leads_attribution_json" CHECK(json_type("leads"."attribution") = 'object'),
	CONSTRAINT "leads_version" CHECK("leads"."version" >= 1)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `leads_id_unique` ON `leads` (`id`);--> statement-breakpoint
CREATE INDEX `leads_by_created` ON `leads` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `leads_by_updated` ON `leads` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `leads_by_status` ON `leads` (`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `leads_by_category` ON `leads` (`category`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `leads_by_source` ON `leads` (`source`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `leads_by_form` ON `leads` (`form_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `leads_by_email` ON `leads` (`email_key`);--> statement-breakpoint
CREATE TABLE `submissions` (
	`id` text PRIMARY KEY NOT NULL,
	`form_id` text,
	`lead_id` text,
	`payload` text NOT NULL,
	`verdict` text NOT NULL,
	`reasons` text DEFAULT '[]' NOT NULL,
	`ip_hash` text,
	`user_agent` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`form_id`) REFERENCES `forms`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`lead_id`) REFERENCES `leads`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "submissions_verdict" CHECK("submissions"."verdict" IN ('accepted', 'flagged')),
	CONSTRAINT "submissions_payload_json" CHECK(json_type("submissions"."payload") = 'object'),
	CONSTRAINT "submissions_reasons_json" CHECK(json_type("submissions"."reasons") = 'array')
);
--> statement-breakpoint
CREATE INDEX `submissions_by_lead` ON `submissions` (`lead_id`);--> statement-breakpoint
CREATE INDEX `submissions_by_form` ON `submissions` (`form_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `consents` (
	`id` text PRIMARY KEY NOT NULL,
	`subscriber_id` text,
	`list_id` text NOT NULL,
	`action` text NOT NULL,
	`text` text,
	`text_version` text,
	`page` text,
	`ip_hash` text,
	`user_agent` text,
	`form_id` text,
	`actor` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`list_id`) REFERENCES `lists`(`id`) ON UPDATE no action ON DELETE restrict,
	FOREIGN KEY (`form_id`) REFERENCES `forms`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "consents_action" CHECK("consents"."action" IN ('requested', 'confirmed', 'unsubscribed', 'bounced', 'complained', 'imported'))
);
--> statement-breakpoint
CREATE INDEX `consents_by_subscriber` ON `consents` (`subscriber_id`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `lists` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "lists_name_length" CHECK(length("lists"."name") BETWEEN 1 AND 255)
);
--> statement-breakpoint
CREATE TABLE `subscribers` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`email_key` text NOT NULL,
	`full_name` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "subscribers_full_name_length" CHECK(length("subscribers"."full_name") <= 255)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `subscribers_emailKey_unique` ON `subscribers` (`email_key`);--> statement-breakpoint
CREATE TABLE `subscriptions` (
	`subscriber_id` text NOT NULL,
	`list_id` text NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`subscriber_id`, `list_id`),
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`list_id`) REFERENCES `lists`(`id`) ON UPDATE no action ON DELETE restrict,
	CONSTRAINT "subscriptions_state" CHECK("subscriptions"."state" IN ('pending', 'active', 'unsubscribed', 'bounced', 'complained'))
);
--> statement-breakpoint
CREATE INDEX `subscriptions_by_list` ON `subscriptions` (`list_id`,`subscriber_id`);--> statement-breakpoint
CREATE INDEX `subscriptions_by_list_and_state` ON `subscriptions` (`list_id`,`state`,`subscriber_id`);--> statement-breakpoint
CREATE INDEX `subscriptions_by_state` ON `subscriptions` (`state`,`subscriber_id`);