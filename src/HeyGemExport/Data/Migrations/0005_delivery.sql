-- What is sent, or was, to object storage. Times and JSON as in 0001.
CREATE TABLE deliveries (
    id              TEXT   NOT NULL PRIMARY KEY,
    export_id       TEXT   NOT NULL REFERENCES exports (id) ON DELETE CASCADE,
    destination     TEXT   NOT NULL,
    bucket          TEXT   NOT NULL,
    prefix          TEXT   NOT NULL,
    what            TEXT   NOT NULL,
    drop_local      BIGINT NOT NULL,
    state           TEXT   NOT NULL,
    total_bytes     BIGINT NOT NULL DEFAULT 0,
    done_bytes      BIGINT NOT NULL DEFAULT 0,
    requested_by    TEXT   NOT NULL,
    requested_from  TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    started_at      BIGINT,
    finished_at     BIGINT,
    claimed_by      TEXT,
    heartbeat_at    BIGINT,
    attempts        BIGINT NOT NULL DEFAULT 0,
    error_json      TEXT
);

-- Whoever asks for the same again while it is under way joins it.
CREATE UNIQUE INDEX deliveries_one_live ON deliveries (export_id, destination, prefix, what) WHERE state IN ('queued', 'sending');
CREATE INDEX deliveries_by_export ON deliveries (export_id, created_at);
CREATE INDEX deliveries_by_state ON deliveries (state);

-- Its objects, in the order in which they are sent: the manifest is the last.
CREATE TABLE delivery_objects (
    delivery_id  TEXT   NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    ordinal      BIGINT NOT NULL,
    key          TEXT   NOT NULL,
    -- The part of the archive, or the video's path; null for the manifest.
    source       TEXT,
    bytes        BIGINT NOT NULL,
    sha256       TEXT   NOT NULL,
    -- The store's id of an upload in parts that is not complete, and how it is cut.
    upload_id    TEXT,
    part_bytes   BIGINT,
    arrived      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (delivery_id, ordinal)
);
