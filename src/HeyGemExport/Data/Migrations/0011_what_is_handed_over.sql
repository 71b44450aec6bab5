-- Whose things are, sessions that were ended, and what archives were when they were verified. Times are milliseconds since
-- 1970-01-01 UTC. Runs on SQLite and on PostgreSQL.

-- Sessions that somebody signed out of; kept until they would have ended by themselves.
CREATE TABLE ended_sessions (
    id               TEXT   NOT NULL PRIMARY KEY,
    until            BIGINT NOT NULL
);

-- Everybody who asked for an upload: each of them sees it.
CREATE TABLE delivery_participants (
    delivery_id      TEXT   NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    who              TEXT   NOT NULL,
    PRIMARY KEY (delivery_id, who)
);

INSERT INTO delivery_participants (delivery_id, who) SELECT id, requested_by FROM deliveries;

-- Which file the archive was when it was verified, and which version of it; null until somebody has looked.
ALTER TABLE export_parts ADD COLUMN identity TEXT;

-- What has been sent of a download through a link, and when it had been sent whole; only then it counts.
ALTER TABLE share_downloads ADD COLUMN ranges_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE share_downloads ADD COLUMN last_at BIGINT;
ALTER TABLE share_downloads ADD COLUMN completed_at BIGINT;

-- Those of earlier versions counted when they began.
UPDATE share_downloads SET last_at = started_at, completed_at = started_at;
