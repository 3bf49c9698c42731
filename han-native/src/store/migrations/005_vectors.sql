-- What texts are embedded with. The vectors of a model are in a table of their own, message_vectors_<id>, of sqlite-vec; it is
-- made when the model gets its first vectors.
CREATE TABLE vector_models (
    id INTEGER PRIMARY KEY AUTOINCREMENT,          -- never given again: its table may still be read by somebody
    name TEXT NOT NULL UNIQUE,
    dimensions INTEGER NOT NULL,
    looked_id INTEGER NOT NULL DEFAULT 0           -- no message up to this id wants a vector, but for those in vector_due
);

-- What each vector stands for. Its rowid in the table of its model is this id.
CREATE TABLE vector_items (
    id INTEGER PRIMARY KEY,
    model_id INTEGER NOT NULL REFERENCES vector_models (id),
    message_id INTEGER NOT NULL REFERENCES messages (id),
    chunk INTEGER NOT NULL,            -- tells the vectors of one message apart
    field INTEGER,                     -- of the searchable text, by its place in the index; null: all of them
    text_start INTEGER,                -- in that text, in UTF-16 code units; null where it was not given
    text_end INTEGER,
    text_hash INTEGER NOT NULL,        -- of the message's searchable text, when it was embedded
    is_stale INTEGER NOT NULL DEFAULT 0            -- the text is another since then
);
CREATE UNIQUE INDEX vector_items_by_message ON vector_items (message_id, model_id, chunk);

-- Messages up to looked_id that have to be looked at again.
CREATE TABLE vector_due (
    model_id INTEGER NOT NULL REFERENCES vector_models (id),
    message_id INTEGER NOT NULL,
    PRIMARY KEY (model_id, message_id)
) WITHOUT ROWID;
CREATE INDEX vector_due_by_message ON vector_due (message_id);
