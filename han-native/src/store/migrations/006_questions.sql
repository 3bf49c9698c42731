-- What was done in each session by quarter hour (scope 1) and by local day (2), tools included, packed: a row has all of a
-- session within a span of time, see store/tables/session_sums.rs. What has no time is in the bucket -4294967296.
CREATE TABLE session_sums (
    scope INTEGER NOT NULL,
    span INTEGER NOT NULL,             -- 96 quarter hours, or 32 days: the bucket divided by that, rounded down
    session_id INTEGER NOT NULL,
    sums BLOB NOT NULL,
    calls BLOB NOT NULL,
    PRIMARY KEY (scope, span, session_id)
) WITHOUT ROWID;

-- It takes the place of these; `rollups` keeps whole sessions (scope 0) and local days (2).
DROP TABLE session_rollups;
DROP TABLE tool_rollups;
DELETE FROM rollups WHERE scope = 1;

-- Between which times the messages of 256 row ids lie, those without a time before all others. Filled with the sums.
CREATE TABLE message_times (
    run INTEGER PRIMARY KEY,           -- messages.id / 256
    first INTEGER NOT NULL,
    last INTEGER NOT NULL
);

INSERT OR REPLACE INTO meta VALUES ('sums_are_stale', '1');
