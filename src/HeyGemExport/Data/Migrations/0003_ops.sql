-- When an export was last put into the queue by a person; null for one that was confirmed and never retried.
ALTER TABLE exports ADD COLUMN queued_at BIGINT;
