-- Forks copy the records of another session with their uuids and times. `generations.talk` leaves replays out from now on, and
-- `sessions.is_talk` says whether a user or assistant line of it is no replay.

-- When the first record was written that no other file has, in milliseconds, or the greatest integer where each is shared. Null
-- as long as the file shares none: nobody asks then.
ALTER TABLE generations ADD COLUMN own_since INTEGER;

-- The sessions that records of a file name as the ones they were copied from.
CREATE TABLE generation_origins (
    generation_id INTEGER NOT NULL REFERENCES generations (id),
    session TEXT NOT NULL,
    PRIMARY KEY (generation_id, session)
) WITHOUT ROWID;

-- Records without a uuid that tell when a file was at work. What two files have is of neither alone.
CREATE TABLE lone_records (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id),
    key INTEGER NOT NULL,              -- of what the record says, whatever session it names
    time INTEGER NOT NULL
);
CREATE INDEX lone_records_by_key ON lone_records (key);

-- Replays in the main file, and the session of the last one's original.
ALTER TABLE sessions ADD COLUMN copied_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN forked_from_id INTEGER REFERENCES sessions (id);
CREATE INDEX sessions_of_forks ON sessions (forked_from_id) WHERE forked_from_id IS NOT NULL;
