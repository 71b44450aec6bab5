-- What exports are called. Runs on SQLite and on PostgreSQL.

-- Batches and first files of the contract; null for exports of earlier versions.
ALTER TABLE exports ADD COLUMN content_json TEXT;
-- What each person calls it; null to name it after its content.
ALTER TABLE export_participants ADD COLUMN title TEXT;
