-- Until now nothing was sent of these, so that nobody waits for them: not for all of them at once, weeks later.
DELETE FROM `outbox`;--> statement-breakpoint
DROP INDEX `outbox_by_due`;--> statement-breakpoint
ALTER TABLE `outbox` ADD `state` text DEFAULT 'pending' NOT NULL CONSTRAINT "outbox_state" CHECK("state" IN ('pending', 'done', 'dead'));--> statement-breakpoint
ALTER TABLE `outbox` ADD `ended_at` integer CONSTRAINT "outbox_ended" CHECK(("state" = 'pending') = ("ended_at" IS NULL));--> statement-breakpoint
ALTER TABLE `outbox` ADD `attempts` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `outbox` ADD `lease_token` text;--> statement-breakpoint
ALTER TABLE `outbox` ADD `last_error` text;--> statement-breakpoint
CREATE INDEX `outbox_by_due` ON `outbox` (`state`,`due_at`,`id`);--> statement-breakpoint
CREATE INDEX `outbox_by_state` ON `outbox` (`state`,`id`);
