-- What is told to targets outside when an export ends. Times are milliseconds since 1970-01-01 UTC. Runs on SQLite and on PostgreSQL.

CREATE INDEX exports_by_end ON exports (finished_at);

-- From which end of exports on a target is told; what ended before it was configured is none of its business.
CREATE TABLE notification_targets (
    name             TEXT   NOT NULL PRIMARY KEY,
    since            BIGINT NOT NULL
);

CREATE TABLE notifications (
    id               TEXT   NOT NULL PRIMARY KEY,
    target           TEXT   NOT NULL,
    event            TEXT   NOT NULL,
    -- No reference: the log outlives the record.
    export_id        TEXT   NOT NULL,
    ended_at         BIGINT NOT NULL,
    notice_json      TEXT   NOT NULL,
    state            TEXT   NOT NULL,
    attempts         BIGINT NOT NULL DEFAULT 0,
    created_at       BIGINT NOT NULL,
    -- Also set while an attempt is under way, so that one that a killed process left is made again.
    next_attempt_at  BIGINT NOT NULL,
    last_attempt_at  BIGINT,
    status           BIGINT,
    fault            TEXT,
    -- An export that is retried ends again, and is told again.
    UNIQUE (target, event, export_id, ended_at)
);

CREATE INDEX notifications_due ON notifications (state, next_attempt_at);
CREATE INDEX notifications_by_time ON notifications (created_at);
