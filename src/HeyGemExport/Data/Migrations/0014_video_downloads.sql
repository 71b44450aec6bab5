-- oldest program: 12
-- What people have downloaded without an archive. Runs on SQLite and on PostgreSQL.

-- The last version that somebody has whole of each video.
CREATE TABLE video_downloads (
    who          TEXT   NOT NULL,
    -- Of people without a name their browser or address, as in downloads.
    from_address TEXT   NOT NULL,
    path         TEXT   NOT NULL,
    bytes        BIGINT NOT NULL,
    -- 100 ns ticks since 0001-01-01 UTC, as in export_files.
    modified_at  BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (who, from_address, path)
);

CREATE INDEX video_downloads_by_time ON video_downloads (who, at);
