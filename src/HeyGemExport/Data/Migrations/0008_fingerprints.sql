-- What is known of finished videos before they are packed, and of archives after they were. Runs on SQLite and on PostgreSQL.

CREATE TABLE fingerprints (
    path         TEXT   NOT NULL PRIMARY KEY,
    bytes        BIGINT NOT NULL,
    -- 100 ns ticks since 0001-01-01 UTC, as in export_files.
    modified_at  BIGINT NOT NULL,
    -- Which version of which file: inode and change time.
    identity     TEXT   NOT NULL,
    sha256       TEXT   NOT NULL,
    crc32        BIGINT NOT NULL,
    -- Milliseconds since 1970-01-01 UTC.
    kept_at      BIGINT NOT NULL
);

CREATE INDEX fingerprints_by_age ON fingerprints (kept_at);

-- Null for what was packed by earlier versions.
ALTER TABLE export_files ADD COLUMN crc32 BIGINT;
-- Which version was promised, as the identity of a fingerprint; null where the file system does not tell.
ALTER TABLE export_files ADD COLUMN version TEXT;
-- Of instant archives: the last write time in the zone of the server that confirmed it, in ticks as above.
ALTER TABLE export_files ADD COLUMN local_time BIGINT;

-- The run of the machine that published the archive; null once it is known to be on the disk. The sum of an archive (export_parts.sha256) is
-- empty until it has been computed.
ALTER TABLE exports ADD COLUMN unflushed_boot TEXT;
CREATE INDEX export_parts_without_sum ON export_parts (export_id) WHERE sha256 = '';
