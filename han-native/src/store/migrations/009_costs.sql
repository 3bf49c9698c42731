-- What an answer costs depends on more than its tokens. Rows of before have none of it, until they are derived again.

-- What it says of its price beside its tokens, as JSON (cost/billing.rs); null where it says nothing.
ALTER TABLE messages ADD COLUMN billing TEXT;
ALTER TABLE usage ADD COLUMN billing TEXT;      -- the winner's

-- Sums of what is not charged as usual stand under one of these in the place of their model.
CREATE TABLE rates (
    id INTEGER PRIMARY KEY,            -- from 2^40 on, so that none is that of a string
    model_id INTEGER NOT NULL,         -- strings.id, 0 where none is named
    rate TEXT NOT NULL,                -- such as speed=fast (cost/rate.rs)
    UNIQUE (model_id, rate)
);

ALTER TABLE rollups ADD COLUMN web_searches INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN iterations INTEGER NOT NULL DEFAULT 0;  -- requests within API messages, whose tokens leave them out

-- The days of one session, for what it cost.
CREATE INDEX session_sums_by_session ON session_sums (session_id) WHERE scope = 2;

-- What the agent program itself says that a session cost so far, each time it says so.
CREATE TABLE cost_states (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    model_id INTEGER NOT NULL,         -- strings.id of the model that was asked for, 0 for all of them
    cost INTEGER NOT NULL,             -- picodollars
    web_searches INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_creation_tokens INTEGER NOT NULL,
    cache_creation_5m_tokens INTEGER NOT NULL,
    cache_creation_1h_tokens INTEGER NOT NULL,
    PRIMARY KEY (message_id, model_id)
) WITHOUT ROWID;
CREATE INDEX cost_states_by_session ON cost_states (session_id);

-- The last of them in (time, path, line) order: what stands.
CREATE TABLE reported_costs (
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    message_id INTEGER NOT NULL REFERENCES messages (id),
    model_id INTEGER NOT NULL,         -- strings.id of the model that was asked for, 0 for all of them
    cost INTEGER NOT NULL,             -- picodollars
    web_searches INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_creation_tokens INTEGER NOT NULL,
    cache_creation_5m_tokens INTEGER NOT NULL,
    cache_creation_1h_tokens INTEGER NOT NULL,
    PRIMARY KEY (session_id, model_id)
) WITHOUT ROWID;
