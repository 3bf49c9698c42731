-- What happened to a task names the call, whose result may be an error, or be written after that of a later call.
ALTER TABLE task_events ADD COLUMN tool_use_key INTEGER;       -- XXH3-64 of the call's `tool_use_id`
ALTER TABLE task_events ADD COLUMN is_call INTEGER NOT NULL DEFAULT 0;
CREATE INDEX task_events_by_call ON task_events (tool_use_key) WHERE tool_use_key IS NOT NULL;

-- What lines say of hooks. Several lines may tell of one execution; `hook_executions` has each once, at its first line.
CREATE TABLE hook_lines (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    ordinal INTEGER NOT NULL,
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    event_key INTEGER,                 -- of the occurrence of the event; null where no other line may be about it
    kind TEXT NOT NULL,                -- the subtype of the line
    event TEXT NOT NULL,
    name TEXT,
    command TEXT,
    duration_ms INTEGER,
    exit_code INTEGER,
    is_error INTEGER NOT NULL,
    PRIMARY KEY (message_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX hook_lines_by_event ON hook_lines (session_id, event_key) WHERE event_key IS NOT NULL;

-- What records say of worktrees: where each is, and where the session that it was made for was before.
CREATE TABLE worktrees (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id),
    path TEXT NOT NULL,
    original_path TEXT NOT NULL
);

-- What calls say of the agents that they start, and which agents those were.
CREATE TABLE agent_calls (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    ordinal INTEGER NOT NULL,
    tool_use_key INTEGER NOT NULL,
    agent_type TEXT,
    description TEXT,
    PRIMARY KEY (message_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX agent_calls_by_key ON agent_calls (tool_use_key);
CREATE TABLE agent_results (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id),
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    tool_use_key INTEGER NOT NULL,
    agent TEXT NOT NULL,
    agent_type TEXT
);
CREATE INDEX agent_results_by_key ON agent_results (tool_use_key);
CREATE INDEX agent_results_by_agent ON agent_results (session_id, agent);

-- What the small files beside a transcript say: of an agent, where `agent_type` and `agent_description` may also be from its call,
-- and the title that a person gave to the session, or that it took over from another one.
ALTER TABLE files ADD COLUMN own_agent_type TEXT;
ALTER TABLE files ADD COLUMN own_agent_description TEXT;
ALTER TABLE files ADD COLUMN title TEXT;
ALTER TABLE files ADD COLUMN title_at INTEGER;                 -- milliseconds
ALTER TABLE files ADD COLUMN is_title_carried INTEGER NOT NULL DEFAULT 0;
UPDATE files SET own_agent_type = agent_type, own_agent_description = agent_description;

-- Prompts that a later record of their file jumps over, or goes on with although one has jumped over them.
CREATE TABLE rewinds (
    prompt_id INTEGER NOT NULL REFERENCES messages (id),
    by_id INTEGER NOT NULL REFERENCES messages (id),
    by_line INTEGER NOT NULL,
    is_continued INTEGER NOT NULL,
    PRIMARY KEY (prompt_id, by_line, by_id)
) WITHOUT ROWID;
CREATE INDEX rewinds_by_record ON rewinds (by_id);

-- Until they are derived again, the lines of before stand for an execution each, as long as they count.
INSERT INTO hook_lines
SELECT message_id, ordinal, session_id, NULL, '', event, name, command, duration_ms, exit_code, is_error FROM hook_executions;
DELETE FROM hook_executions WHERE message_id IN (
    SELECT m.id FROM messages m JOIN generations g ON g.id = m.generation_id
    WHERE m.replay_of IS NOT NULL OR g.is_superseded);
