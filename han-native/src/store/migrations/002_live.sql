-- Who may write: the process that leads, or the call that wrote last. At most one row.
CREATE TABLE leader (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL,            -- raised with every change of the writer; checked in every write transaction
    owner TEXT NOT NULL,               -- one handle of one process, by a random name
    pid INTEGER NOT NULL,
    process_start INTEGER,             -- tells a process from a later one of the same number, where the system says it
    boot_id TEXT,
    version TEXT NOT NULL,             -- of this library
    socket TEXT,                       -- where the process serves others, if it does
    heartbeat INTEGER NOT NULL,        -- a counter, raised with every transaction and while the leader is idle
    heartbeat_at INTEGER NOT NULL,     -- milliseconds; told to people, never reckoned with
    lock_device INTEGER,               -- the lock file that its kernel lock is on; null where it holds none
    lock_inode INTEGER,
    is_released INTEGER NOT NULL       -- anybody who gets the kernel lock may write
);

-- Messages by uuid. A table of its own, so that the keys of a transaction go in sorted, at its end.
CREATE TABLE message_uuids (
    key INTEGER NOT NULL,              -- XXH3-64 of the uuid's 16 bytes, or of its text
    message_id INTEGER NOT NULL,       -- messages.id
    PRIMARY KEY (key, message_id)
) WITHOUT ROWID;
INSERT INTO message_uuids SELECT uuid_key(uuid), id FROM messages WHERE uuid IS NOT NULL ORDER BY 1, 2;
DROP INDEX messages_by_uuid;
