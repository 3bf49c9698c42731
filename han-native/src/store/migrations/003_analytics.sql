-- Sums for analytics. Here they are only given their places: what is in them is counted anew when the migrations have run.

-- Of those tokens, the ones of requests whose prompt (input, cache reads and cache writes) was longer than so many tokens:
-- some models have another price for them. What was above 200,000 is among what was above 100,000.
ALTER TABLE rollups ADD COLUMN talk INTEGER NOT NULL DEFAULT 0;        -- user and assistant lines
ALTER TABLE rollups ADD COLUMN hooks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN hook_errors INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN compactions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN input_tokens_above_100k INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN output_tokens_above_100k INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN cache_read_tokens_above_100k INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN cache_creation_5m_tokens_above_100k INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN cache_creation_1h_tokens_above_100k INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN input_tokens_above_200k INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN output_tokens_above_200k INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN cache_read_tokens_above_200k INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN cache_creation_5m_tokens_above_200k INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN cache_creation_1h_tokens_above_200k INTEGER NOT NULL DEFAULT 0;

-- As rollups, but for each session apart: quarter hours (scope 1) and local days (2) only. In both tables what has no time is
-- in the bucket -4294967296.
CREATE TABLE session_rollups (
    scope INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL,
    model_id INTEGER NOT NULL,
    messages INTEGER NOT NULL DEFAULT 0,
    prompts INTEGER NOT NULL DEFAULT 0,
    talk INTEGER NOT NULL DEFAULT 0,
    api_messages INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    cache_read_tokens INTEGER NOT NULL DEFAULT 0,
    cache_creation_5m_tokens INTEGER NOT NULL DEFAULT 0,
    cache_creation_1h_tokens INTEGER NOT NULL DEFAULT 0,
    input_tokens_above_100k INTEGER NOT NULL DEFAULT 0,
    output_tokens_above_100k INTEGER NOT NULL DEFAULT 0,
    cache_read_tokens_above_100k INTEGER NOT NULL DEFAULT 0,
    cache_creation_5m_tokens_above_100k INTEGER NOT NULL DEFAULT 0,
    cache_creation_1h_tokens_above_100k INTEGER NOT NULL DEFAULT 0,
    input_tokens_above_200k INTEGER NOT NULL DEFAULT 0,
    output_tokens_above_200k INTEGER NOT NULL DEFAULT 0,
    cache_read_tokens_above_200k INTEGER NOT NULL DEFAULT 0,
    cache_creation_5m_tokens_above_200k INTEGER NOT NULL DEFAULT 0,
    cache_creation_1h_tokens_above_200k INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, bucket, project_id, session_id, model_id)
) WITHOUT ROWID;
CREATE INDEX session_rollups_by_session ON session_rollups (session_id) WHERE scope = 2;

-- How often each tool was called, per quarter hour (scope 1) and local day (2).
CREATE TABLE tool_rollups (
    scope INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    name_id INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (scope, bucket, project_id, name_id)
) WITHOUT ROWID;

CREATE INDEX files_of_agents ON files (project_id, generation_id) WHERE kind = 'agent';

INSERT INTO meta VALUES ('sums_are_stale', '1');
