-- Tags that people gave to videos and batches, and which file or folder it was: tags follow it, and not its name.
CREATE TABLE tagged_items (
    -- 'video' or 'batch'.
    kind           TEXT   NOT NULL,
    path           TEXT   NOT NULL,
    -- Null where the file system does not tell.
    identity       TEXT,
    bytes          BIGINT NOT NULL,
    -- 100 ns ticks since 0001-01-01 UTC.
    modified_at    BIGINT NOT NULL,
    -- Since when no scan has found it; null while it is there.
    missing_since  BIGINT,
    tags_json      TEXT   NOT NULL,
    PRIMARY KEY (kind, path)
);

-- One row. It counts the changes of tagged_items: who read an older number writes nothing, and reads again.
CREATE TABLE tag_revision (revision BIGINT NOT NULL);
INSERT INTO tag_revision (revision) VALUES (0);

CREATE TABLE saved_filters (
    id           TEXT   NOT NULL PRIMARY KEY,
    who          TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    -- The name as it is compared: a person has each name once.
    name_key     TEXT   NOT NULL,
    filter_json  TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    UNIQUE (who, name_key)
);

-- What metadata.csv says of a file, as it was when the export was confirmed; null without that option.
ALTER TABLE export_files ADD COLUMN metadata_json TEXT;
