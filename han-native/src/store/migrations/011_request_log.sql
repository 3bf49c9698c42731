-- The request log: rows that stand for their lines, and are nowhere counted (flag 4096 of `messages.flags`).
-- `generations.messages` has them, `generations.replays` has only what is counted.
ALTER TABLE generations ADD COLUMN logged INTEGER NOT NULL DEFAULT 0;

-- Texts that are written the same into many records, of many sessions: each once. A text is there as long as a block has it.
CREATE TABLE shared_texts (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,                -- XXH3-128 of the text; texts that differ may share one
    length INTEGER NOT NULL,           -- uncompressed
    data BLOB NOT NULL                 -- a zstd frame
);
CREATE INDEX shared_texts_by_hash ON shared_texts (hash);

-- What was left out of the frame of a block, and where it goes back in.
CREATE TABLE block_splices (
    block_id INTEGER NOT NULL,         -- raw_blocks.id
    position INTEGER NOT NULL,         -- in the bytes of the file that the block stands for, from its start
    shared_id INTEGER NOT NULL,        -- shared_texts.id
    PRIMARY KEY (block_id, position)
) WITHOUT ROWID;
CREATE INDEX block_splices_by_text ON block_splices (shared_id);

-- How many bytes are in the frame; null where nothing was left out.
ALTER TABLE raw_blocks ADD COLUMN reduced_length INTEGER;
