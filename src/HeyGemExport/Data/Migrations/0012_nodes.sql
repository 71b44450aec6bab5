-- What several nodes over one PostgreSQL share; with SQLite these tables stay empty. Times are milliseconds since 1970-01-01 UTC by the
-- clock of the database. Runs on SQLite and on PostgreSQL.

-- Keys of data protection, by which sessions and forms of one node are good on all.
CREATE TABLE data_protection_keys (
    name         TEXT   NOT NULL PRIMARY KEY,
    xml          TEXT   NOT NULL
);

-- Attempts at signing in, at links and at their passwords, in windows of a minute.
CREATE TABLE attempts (
    limiter      TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    count        BIGINT NOT NULL,
    until        BIGINT NOT NULL,
    PRIMARY KEY (limiter, subject)
);

CREATE INDEX attempts_by_end ON attempts (until);

-- The processes that live, and what each sees of the folders that all must share.
CREATE TABLE nodes (
    name         TEXT   NOT NULL PRIMARY KEY,
    role         TEXT   NOT NULL,
    version      TEXT   NOT NULL,
    started_at   BIGINT NOT NULL,
    seen_at      BIGINT NOT NULL,
    temp_id      TEXT,
    -- The files of the outputs folder that were last written before this time, in one number.
    outputs_at   BIGINT,
    outputs      BIGINT
);

-- What nodes other than the one that works on it show.
ALTER TABLE exports ADD COLUMN verified_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE exports ADD COLUMN bytes_per_second BIGINT;
ALTER TABLE deliveries ADD COLUMN bytes_per_second BIGINT;

-- The oldest schema whose program also works with this one; null for its own alone.
ALTER TABLE schema_version ADD COLUMN oldest_program BIGINT;
