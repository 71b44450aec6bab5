-- Times are milliseconds since 1970-01-01 UTC; texts that end in _json hold JSON. Runs on SQLite and on PostgreSQL.

CREATE TABLE exports (
    id              TEXT   NOT NULL PRIMARY KEY,
    state           TEXT   NOT NULL,
    content_key     TEXT   NOT NULL,
    selection_json  TEXT   NOT NULL,
    options_json    TEXT   NOT NULL,
    file_count      BIGINT NOT NULL,
    total_bytes     BIGINT NOT NULL,
    required_bytes  BIGINT NOT NULL,
    done_files      BIGINT NOT NULL DEFAULT 0,
    done_bytes      BIGINT NOT NULL DEFAULT 0,
    archive_name    TEXT   NOT NULL,
    left_out_json   TEXT,
    requested_by    TEXT   NOT NULL,
    requested_from  TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    started_at      BIGINT,
    finished_at     BIGINT,
    last_used_at    BIGINT,
    claimed_by      TEXT,
    heartbeat_at    BIGINT,
    attempts        BIGINT NOT NULL DEFAULT 0,
    error_json      TEXT
);

-- However many people confirm the same content at once, on however many nodes: one of them inserts, the others join.
CREATE UNIQUE INDEX exports_one_live_per_content ON exports (content_key)
    WHERE state IN ('queued', 'building', 'verifying', 'ready');
CREATE INDEX exports_by_state ON exports (state);
CREATE INDEX exports_by_time ON exports (created_at);

CREATE TABLE export_files (
    export_id    TEXT   NOT NULL REFERENCES exports (id) ON DELETE CASCADE,
    ordinal      BIGINT NOT NULL,
    path         TEXT   NOT NULL,
    entry_name   TEXT   NOT NULL,
    bytes        BIGINT NOT NULL,
    -- 100 ns ticks since 0001-01-01 UTC: a file system's time must compare equal later.
    modified_at  BIGINT NOT NULL,
    -- Which file it was; null where the file system does not tell.
    identity     TEXT,
    part         BIGINT NOT NULL,
    -- Null until it has been packed, and for ever when it was left out.
    sha256       TEXT,
    PRIMARY KEY (export_id, ordinal)
);

-- The archives of a ready export.
CREATE TABLE export_parts (
    export_id    TEXT   NOT NULL REFERENCES exports (id) ON DELETE CASCADE,
    number       BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    path         TEXT   NOT NULL,
    file_count   BIGINT NOT NULL,
    bytes        BIGINT NOT NULL,
    sha256       TEXT   NOT NULL,
    PRIMARY KEY (export_id, number)
);

CREATE TABLE downloads (
    id           TEXT   NOT NULL PRIMARY KEY,
    export_id    TEXT   NOT NULL REFERENCES exports (id) ON DELETE CASCADE,
    part         BIGINT NOT NULL,
    who          TEXT   NOT NULL,
    from_address TEXT   NOT NULL,
    started_at   BIGINT NOT NULL,
    last_at      BIGINT NOT NULL,
    bytes_sent   BIGINT NOT NULL DEFAULT 0,
    ranges_json  TEXT   NOT NULL DEFAULT '[]',
    complete     BIGINT NOT NULL DEFAULT 0,
    UNIQUE (export_id, part, who, from_address)
);

CREATE TABLE audit (
    id           TEXT   NOT NULL PRIMARY KEY,
    at           BIGINT NOT NULL,
    action       TEXT   NOT NULL,
    who          TEXT   NOT NULL,
    from_address TEXT   NOT NULL,
    export_id    TEXT,
    file_count   BIGINT,
    bytes        BIGINT,
    outcome      TEXT   NOT NULL,
    detail       TEXT
);

CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_action ON audit (action, at);
