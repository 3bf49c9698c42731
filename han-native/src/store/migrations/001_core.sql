-- Integer keys inside, strings at the edge. Times are milliseconds UTC. UUIDs are 16-byte blobs, or text where the
-- record's value is not a lower-case UUID.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Names that repeat: record types, roles, models, tools, versions, branches, agents, paths.
CREATE TABLE strings (
    id INTEGER PRIMARY KEY,
    value TEXT NOT NULL UNIQUE
);

CREATE TABLE config_dirs (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE          -- '' for files outside any config dir; their `files.path` is absolute
);

CREATE TABLE repos (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
);

CREATE TABLE projects (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,         -- the folder's name below projects/
    path TEXT,                         -- from `cwd` in the records
    path_rank TEXT,                    -- orders the candidates for `path`; the least wins
    repo_id INTEGER REFERENCES repos (id)
);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL UNIQUE,
    project_id INTEGER NOT NULL REFERENCES projects (id),
    title TEXT,
    started_at INTEGER,
    ended_at INTEGER,                  -- the last activity
    model_id INTEGER,
    git_branch_id INTEGER,
    version_id INTEGER,
    cwd TEXT,
    message_count INTEGER NOT NULL DEFAULT 0,      -- main file, replays left out
    prompt_count INTEGER NOT NULL DEFAULT 0,
    assistant_count INTEGER NOT NULL DEFAULT 0,
    agent_count INTEGER NOT NULL DEFAULT 0,
    is_talk INTEGER NOT NULL DEFAULT 0             -- has a user or assistant line in any file
);
CREATE INDEX sessions_by_activity ON sessions (ended_at, session_id);
CREATE INDEX sessions_by_project ON sessions (project_id, ended_at, session_id);

-- A transcript or a spilled tool result.
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    config_dir_id INTEGER NOT NULL REFERENCES config_dirs (id),
    path TEXT NOT NULL,                -- below the config dir, '/' between its parts
    path_hash INTEGER NOT NULL,        -- XXH3-64 of `path`
    kind TEXT NOT NULL,                -- main, agent, events or spill
    project_id INTEGER NOT NULL REFERENCES projects (id),
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    agent_id INTEGER REFERENCES strings (id),
    agent_type TEXT,
    agent_description TEXT,
    workflow TEXT,
    is_missing INTEGER NOT NULL DEFAULT 0,
    device INTEGER NOT NULL DEFAULT 0,
    inode INTEGER NOT NULL DEFAULT 0,
    size INTEGER NOT NULL DEFAULT 0,
    mtime INTEGER NOT NULL DEFAULT 0,  -- nanoseconds
    checked_at INTEGER NOT NULL DEFAULT 0,         -- nanoseconds; when it was last read
    generation_id INTEGER NOT NULL DEFAULT 0,      -- the current one
    UNIQUE (config_dir_id, path)
);
CREATE INDEX files_by_path_hash ON files (path_hash);
CREATE INDEX files_by_session ON files (session_id, kind);
CREATE INDEX files_by_inode ON files (inode);

-- The life of a file between two restarts, with its cursor.
CREATE TABLE generations (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES files (id),
    number INTEGER NOT NULL,
    is_superseded INTEGER NOT NULL DEFAULT 0,
    offset INTEGER NOT NULL DEFAULT 0,             -- bytes read, the unterminated tail included
    line INTEGER NOT NULL DEFAULT 0,               -- lines read, blank ones and the tail included
    tail_offset INTEGER,                           -- where the unterminated tail starts, if it was taken
    head_hash INTEGER NOT NULL DEFAULT 0,          -- of the first min(4096, offset) bytes
    tail_hash INTEGER NOT NULL DEFAULT 0,          -- of the last min(4096, offset) bytes before `offset`
    derive_revision INTEGER NOT NULL DEFAULT 0,
    carry BLOB,                                    -- what deriving the next line needs of the ones before
    lines INTEGER NOT NULL DEFAULT 0,              -- non-blank
    messages INTEGER NOT NULL DEFAULT 0,           -- replays included
    replays INTEGER NOT NULL DEFAULT 0,
    prompts INTEGER NOT NULL DEFAULT 0,            -- replays left out
    assistants INTEGER NOT NULL DEFAULT 0,         -- replays left out
    talk INTEGER NOT NULL DEFAULT 0,               -- user and assistant lines, replays included
    problems INTEGER NOT NULL DEFAULT 0,
    notes INTEGER NOT NULL DEFAULT 0,
    first_time INTEGER,
    last_time INTEGER,
    model_id INTEGER,                              -- of the last line that names one
    model_time INTEGER,
    git_branch_id INTEGER,
    git_branch_time INTEGER,
    version_id INTEGER,
    version_time INTEGER,
    cwd TEXT,                                      -- of the first line that names one
    cwd_line INTEGER,
    project_cwd TEXT,                              -- of the first line whose encoded cwd is the project's slug
    project_cwd_line INTEGER,
    UNIQUE (file_id, number)
);
CREATE INDEX generations_superseded ON generations (id) WHERE is_superseded;

CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    generation_id INTEGER NOT NULL REFERENCES generations (id),
    line INTEGER NOT NULL,
    part INTEGER NOT NULL,
    offset INTEGER NOT NULL,           -- of the record in the file, in bytes
    length INTEGER NOT NULL,
    type_id INTEGER NOT NULL REFERENCES strings (id),
    subtype_id INTEGER REFERENCES strings (id),
    flags INTEGER NOT NULL,            -- see store/tables/messages.rs
    time INTEGER,                      -- effective; the record's own where flag OWN_TIME is set
    uuid BLOB,
    parent_uuid BLOB,                  -- as an integer: of the row at part 0 so many lines before, see migration 007
    carried_uuid BLOB,                 -- of the message inside an agent_progress record
    replay_of INTEGER,                 -- messages.id of the original
    record_session_id INTEGER REFERENCES strings (id),     -- where it differs from the file's
    agent_id INTEGER REFERENCES strings (id),              -- where it differs from the file's
    model_id INTEGER REFERENCES strings (id),
    usage_id INTEGER REFERENCES usage (id),
    input_tokens INTEGER,
    output_tokens INTEGER,
    cache_read_tokens INTEGER,
    cache_creation_tokens INTEGER,
    cache_creation_5m_tokens INTEGER,
    cache_creation_1h_tokens INTEGER,
    preview TEXT NOT NULL
);
CREATE UNIQUE INDEX messages_by_place ON messages (generation_id, line, part);
CREATE INDEX messages_by_uuid ON messages (uuid) WHERE uuid IS NOT NULL;
CREATE INDEX messages_by_usage ON messages (usage_id) WHERE usage_id IS NOT NULL;

-- Every byte of a generation: contiguous, each block a zstd frame. Open ones are small and are sealed together later.
CREATE TABLE raw_blocks (
    id INTEGER PRIMARY KEY,
    generation_id INTEGER NOT NULL REFERENCES generations (id),
    offset INTEGER NOT NULL,           -- of its first byte in the file
    length INTEGER NOT NULL,           -- uncompressed
    is_sealed INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE UNIQUE INDEX raw_blocks_by_place ON raw_blocks (generation_id, offset);

CREATE TABLE problems (
    id INTEGER PRIMARY KEY,
    generation_id INTEGER NOT NULL REFERENCES generations (id),
    line INTEGER NOT NULL,
    part INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    kind TEXT NOT NULL,
    is_note INTEGER NOT NULL,
    detail TEXT NOT NULL
);
CREATE UNIQUE INDEX problems_by_place ON problems (generation_id, line, part, kind);

-- One API message, counted once: which line won, and what was added to the rollups for it.
CREATE TABLE usage (
    id INTEGER PRIMARY KEY,
    key TEXT UNIQUE,                   -- the API's message id, else `uuid:` and the uuid, else null
    winner_id INTEGER,                 -- messages.id whose tokens count
    origin_id INTEGER,                 -- messages.id whose time, session and project count
    time INTEGER,
    session_id INTEGER,
    project_id INTEGER,
    model_id INTEGER,
    input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    cache_read_tokens INTEGER NOT NULL DEFAULT 0,
    cache_creation_tokens INTEGER NOT NULL DEFAULT 0,
    cache_creation_5m_tokens INTEGER NOT NULL DEFAULT 0,
    cache_creation_1h_tokens INTEGER NOT NULL DEFAULT 0
);

-- Calls and results stand apart and meet in `tool_use_key`, so that either may come first, or from another file.
CREATE TABLE tool_calls (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    ordinal INTEGER NOT NULL,
    tool_use_key INTEGER NOT NULL,     -- XXH3-64 of `tool_use_id`
    tool_use_id TEXT NOT NULL,
    name_id INTEGER NOT NULL REFERENCES strings (id),
    PRIMARY KEY (message_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX tool_calls_by_key ON tool_calls (tool_use_key);

CREATE TABLE tool_results (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    ordinal INTEGER NOT NULL,
    tool_use_key INTEGER NOT NULL,
    is_error INTEGER NOT NULL,
    spill TEXT,                        -- file name in the session's tool-results/
    PRIMARY KEY (message_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX tool_results_by_key ON tool_results (tool_use_key);
CREATE INDEX tool_results_by_spill ON tool_results (spill) WHERE spill IS NOT NULL;

CREATE TABLE session_file_changes (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    ordinal INTEGER NOT NULL,
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    path TEXT NOT NULL,
    action TEXT NOT NULL,              -- create, update or delete
    lines_added INTEGER NOT NULL,
    lines_removed INTEGER NOT NULL,
    tool_id INTEGER NOT NULL REFERENCES strings (id),
    PRIMARY KEY (message_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX session_file_changes_by_session ON session_file_changes (session_id);

-- Each todo list that was written; the last in (time, path, line) order is the state.
CREATE TABLE session_todos (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id),
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    todos TEXT NOT NULL                -- JSON: [{content, status, activeForm}]
);
CREATE INDEX session_todos_by_session ON session_todos (session_id);

-- Each change to a task; folded in (time, path, line) order into native_tasks.
CREATE TABLE task_events (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    ordinal INTEGER NOT NULL,
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    task_id TEXT NOT NULL,
    patch TEXT NOT NULL,               -- JSON: the fields that it sets
    PRIMARY KEY (message_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX task_events_by_task ON task_events (session_id, task_id);

CREATE TABLE native_tasks (
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    task_id TEXT NOT NULL,
    subject TEXT,
    description TEXT,
    active_form TEXT,
    status TEXT,
    owner TEXT,
    blocked_by TEXT,                   -- JSON array of task ids
    created_at INTEGER,
    updated_at INTEGER,
    PRIMARY KEY (session_id, task_id)
) WITHOUT ROWID;

CREATE TABLE hook_executions (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    ordinal INTEGER NOT NULL,
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    event TEXT NOT NULL,
    name TEXT,
    command TEXT,
    duration_ms INTEGER,
    exit_code INTEGER,
    is_error INTEGER NOT NULL,
    PRIMARY KEY (message_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX hook_executions_by_session ON hook_executions (session_id);

CREATE TABLE session_summaries (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id),
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    kind TEXT NOT NULL,                -- summary, compaction or away
    leaf_uuid BLOB,                    -- of a `summary` record: the last message that it sums up
    text TEXT NOT NULL
);
CREATE INDEX session_summaries_by_session ON session_summaries (session_id);
CREATE INDEX session_summaries_by_leaf ON session_summaries (leaf_uuid) WHERE leaf_uuid IS NOT NULL;

-- What a session may be called; the least `rank`, then the greatest place wins.
CREATE TABLE session_titles (
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    message_id INTEGER NOT NULL REFERENCES messages (id),
    rank INTEGER NOT NULL,             -- 0 custom, 1 agent name, 2 generated, 3 summary, 4 first prompt
    title TEXT NOT NULL,
    PRIMARY KEY (session_id, rank, message_id)
) WITHOUT ROWID;
CREATE INDEX session_titles_by_message ON session_titles (message_id);

-- Sums per session (scope 0), UTC quarter hour (1) and local day (2), each by project and model.
CREATE TABLE rollups (
    scope INTEGER NOT NULL,
    bucket INTEGER NOT NULL,           -- sessions.id, time / 900,000, or days since 1970-01-01
    project_id INTEGER NOT NULL,
    model_id INTEGER NOT NULL,         -- 0 where a message names none
    messages INTEGER NOT NULL DEFAULT 0,
    prompts INTEGER NOT NULL DEFAULT 0,
    assistants INTEGER NOT NULL DEFAULT 0,
    tool_calls INTEGER NOT NULL DEFAULT 0,
    tool_errors INTEGER NOT NULL DEFAULT 0,
    lines_added INTEGER NOT NULL DEFAULT 0,
    lines_removed INTEGER NOT NULL DEFAULT 0,
    api_messages INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    cache_read_tokens INTEGER NOT NULL DEFAULT 0,
    cache_creation_tokens INTEGER NOT NULL DEFAULT 0,
    cache_creation_5m_tokens INTEGER NOT NULL DEFAULT 0,
    cache_creation_1h_tokens INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, bucket, project_id, model_id)
) WITHOUT ROWID;

-- The outbox: an event exists exactly if its data does.
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,             -- when it was committed
    topic TEXT NOT NULL,
    session_id INTEGER NOT NULL,
    first_message_id INTEGER,
    last_message_id INTEGER,
    count INTEGER NOT NULL
);

-- What was forgotten stays forgotten.
CREATE TABLE tombstones (
    session_id TEXT PRIMARY KEY,
    time INTEGER NOT NULL
) WITHOUT ROWID;

-- Fed with the documents of derive/tokens.rs, in which the ASCII tokenizer finds the tokens.
CREATE VIRTUAL TABLE messages_fts USING fts5 (
    user, assistant, thinking, tool_input, tool_output, title, other,
    content = '', contentless_delete = 1, tokenize = 'ascii'
);

-- A term hash of 2 MiB fits into a core's cache; a smaller one makes too many segments. Leaves that fill a page. An explicit
-- merge takes any two: what a bulk leaves on the lowest level an append would have to merge at once, when sixteen are there.
INSERT INTO messages_fts (messages_fts, rank) VALUES ('hashsize', 2097152);
INSERT INTO messages_fts (messages_fts, rank) VALUES ('pgsz', 8100);
INSERT INTO messages_fts (messages_fts, rank) VALUES ('usermerge', 2);
