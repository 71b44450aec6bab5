-- Who may use the app, and whose an export is. Times are milliseconds since 1970-01-01 UTC. Runs on SQLite and on PostgreSQL.

CREATE TABLE users (
    id               TEXT   NOT NULL PRIMARY KEY,
    name             TEXT   NOT NULL,
    -- The name as it is compared: in capitals. Never given to somebody else, so that an export keeps its owner.
    normalized_name  TEXT   NOT NULL UNIQUE,
    role             TEXT   NOT NULL,
    password_hash    TEXT   NOT NULL,
    -- Changes with the password and when the person is disabled; sessions that were begun under another stamp end.
    security_stamp   TEXT   NOT NULL,
    must_change      BIGINT NOT NULL,
    disabled         BIGINT NOT NULL DEFAULT 0,
    failed_count     BIGINT NOT NULL DEFAULT 0,
    lockout_end      BIGINT,
    created_at       BIGINT NOT NULL,
    last_sign_in_at  BIGINT
);

CREATE TABLE api_keys (
    id               TEXT   NOT NULL PRIMARY KEY,
    name             TEXT   NOT NULL,
    -- SHA-256 of the secret, which has 256 random bits and is kept nowhere.
    hash             TEXT   NOT NULL,
    scopes           TEXT   NOT NULL,
    created_by       TEXT   NOT NULL,
    created_at       BIGINT NOT NULL,
    expires_at       BIGINT,
    revoked_at       BIGINT,
    last_used_at     BIGINT
);

-- One live key of a name; the next of that name sees the exports of the one before.
CREATE UNIQUE INDEX api_keys_one_live_per_name ON api_keys (name) WHERE revoked_at IS NULL;

-- Everybody who confirmed an export: each of them sees it.
CREATE TABLE export_participants (
    export_id        TEXT   NOT NULL REFERENCES exports (id) ON DELETE CASCADE,
    who              TEXT   NOT NULL,
    PRIMARY KEY (export_id, who)
);

CREATE INDEX export_participants_by_who ON export_participants (who);

INSERT INTO export_participants (export_id, who) SELECT id, requested_by FROM exports;
