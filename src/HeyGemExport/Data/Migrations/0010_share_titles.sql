-- What a share link's page is called, and who shares. Runs on SQLite and on PostgreSQL.

ALTER TABLE share_links ADD COLUMN title TEXT;
ALTER TABLE share_links ADD COLUMN sender TEXT;
