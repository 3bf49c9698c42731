-- What the orders and filters of lists seek by.
CREATE INDEX sessions_by_length ON sessions (message_count, session_id);
CREATE INDEX projects_by_repo ON projects (repo_id);

-- All tokens of a session and its agents: the sum of its rollups, kept by triggers, so that every writer keeps it.
ALTER TABLE sessions ADD COLUMN total_tokens INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET total_tokens = coalesce((
    SELECT sum(input_tokens + output_tokens + cache_read_tokens + cache_creation_tokens)
    FROM rollups WHERE scope = 0 AND bucket = sessions.id), 0);
CREATE INDEX sessions_by_tokens ON sessions (total_tokens, session_id);

CREATE TRIGGER rollups_added AFTER INSERT ON rollups WHEN new.scope = 0 BEGIN
    UPDATE sessions SET total_tokens = total_tokens
        + new.input_tokens + new.output_tokens + new.cache_read_tokens + new.cache_creation_tokens
    WHERE id = new.bucket;
END;
CREATE TRIGGER rollups_changed AFTER UPDATE OF input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens
    ON rollups WHEN new.scope = 0 BEGIN
    UPDATE sessions SET total_tokens = total_tokens
        + new.input_tokens + new.output_tokens + new.cache_read_tokens + new.cache_creation_tokens
        - old.input_tokens - old.output_tokens - old.cache_read_tokens - old.cache_creation_tokens
    WHERE id = new.bucket;
END;
CREATE TRIGGER rollups_removed AFTER DELETE ON rollups WHEN old.scope = 0 BEGIN
    UPDATE sessions SET total_tokens = total_tokens
        - old.input_tokens - old.output_tokens - old.cache_read_tokens - old.cache_creation_tokens
    WHERE id = old.bucket;
END;
