-- Columns are added one by one, so that what is still to be sent stays where it is.
DROP INDEX `outbox_by_due`;--> statement-breakpoint
ALTER TABLE `outbox` ADD `state` text DEFAULT 'pending' NOT NULL CONSTRAINT "outbox_state" CHECK("state" IN ('pending', 'done', 'dead'));--> statement-breakpoint
ALTER TABLE `outbox` ADD `ended_at` integer CONSTRAINT "outbox_ended" CHECK(("state" = 'pending') = ("ended_at" IS NULL));--> statement-breakpoint
ALTER TABLE `outbox` ADD `attempts` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `outbox` ADD `lease_token` text;--> statement-breakpoint
ALTER TABLE `outbox` ADD `last_error` text;--> statement-breakpoint
CREATE INDEX `outbox_by_due` ON `outbox` (`due_at`,`id`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `outbox_by_state` ON `outbox` (`state`,`id`);
