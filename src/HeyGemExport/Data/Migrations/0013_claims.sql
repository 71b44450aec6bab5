-- oldest program: 12
-- How records of background work are claimed. Runs on SQLite and on PostgreSQL.

-- How often a record has been claimed. The number is part of the names of the files that a claim writes, so that a worker that was thought dead
-- never touches those of the next one.
ALTER TABLE exports ADD COLUMN claim BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN claim BIGINT NOT NULL DEFAULT 0;

-- The job of the engine that runs the record; null before it was given to the engine.
ALTER TABLE exports ADD COLUMN job_id TEXT;
ALTER TABLE deliveries ADD COLUMN job_id TEXT;
ALTER TABLE notifications ADD COLUMN job_id TEXT;

-- Which nodes are sending an archive, each until a time; with SQLite the only node knows by itself.
CREATE TABLE archive_leases (
    export_id    TEXT   NOT NULL REFERENCES exports (id) ON DELETE CASCADE,
    node         TEXT   NOT NULL,
    until        BIGINT NOT NULL,
    PRIMARY KEY (export_id, node)
);
