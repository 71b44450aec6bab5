-- Links to ready exports for people without an account. Times are milliseconds since 1970-01-01 UTC. Runs on SQLite and on PostgreSQL.

-- Who has promised an archive, and until when; it is kept that long, under the size cap.
CREATE TABLE archive_holds (
    export_id        TEXT   NOT NULL REFERENCES exports (id) ON DELETE CASCADE,
    holder           TEXT   NOT NULL,
    until            BIGINT NOT NULL,
    PRIMARY KEY (export_id, holder)
);

CREATE TABLE share_links (
    id               TEXT   NOT NULL PRIMARY KEY,
    -- SHA-256 of the token, which has 256 random bits and is kept nowhere.
    token_hash       TEXT   NOT NULL UNIQUE,
    export_id        TEXT   NOT NULL REFERENCES exports (id) ON DELETE CASCADE,
    created_by       TEXT   NOT NULL,
    created_at       BIGINT NOT NULL,
    expires_at       BIGINT NOT NULL,
    password_hash    TEXT,
    max_downloads    BIGINT,
    revoked_at       BIGINT,
    last_used_at     BIGINT
);

CREATE INDEX share_links_by_export ON share_links (export_id, created_at);

-- One row for each download that counts; a resumed one has its row already.
CREATE TABLE share_downloads (
    id               TEXT   NOT NULL PRIMARY KEY,
    link_id          TEXT   NOT NULL REFERENCES share_links (id) ON DELETE CASCADE,
    part             BIGINT NOT NULL,
    from_address     TEXT   NOT NULL,
    started_at       BIGINT NOT NULL
);

CREATE INDEX share_downloads_by_link ON share_downloads (link_id, part, from_address);
