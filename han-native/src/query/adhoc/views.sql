-- The views of ad-hoc queries. Their names and columns are stable; the tables below them are not. Replays and superseded
-- generations are left out, the request log as well, and so are events that an agent's own file reports, too. Nothing here groups, sorts or limits as a whole, so that SQLite folds each view into the
-- statement and seeks by the session, the row and whatever else is asked for.

CREATE TEMP VIEW v_projects AS
SELECT project.slug AS id, project.path AS path,
       (SELECT path FROM repos WHERE id = project.repo_id) AS repository_path,
       (SELECT count(*) FROM sessions WHERE project_id = project.id AND is_talk) AS session_count,
       iso_time((SELECT max(ended_at) FROM sessions WHERE project_id = project.id)) AS last_active_at
FROM main.projects AS project;

CREATE TEMP VIEW v_sessions AS
SELECT session.session_id AS id, project.slug AS project_id, project.path AS project_path,
       (SELECT path FROM repos WHERE id = project.repo_id) AS repository_path,
       session.title AS title,
       iso_time(session.started_at) AS started_at, iso_time(session.ended_at) AS ended_at,
       session.started_at AS started_at_ms, session.ended_at AS ended_at_ms,
       (SELECT value FROM strings WHERE id = session.model_id) AS model,
       (SELECT value FROM strings WHERE id = session.git_branch_id) AS git_branch,
       (SELECT value FROM strings WHERE id = session.version_id) AS version,
       session.cwd AS cwd,
       session.message_count AS message_count, session.prompt_count AS prompt_count,
       session.assistant_count AS assistant_count, session.agent_count AS agent_count,
       session.copied_count AS copied_count,
       (SELECT session_id FROM sessions AS source WHERE source.id = session.forked_from_id) AS forked_from,
       (SELECT coalesce(sum(input_tokens), 0) FROM rollups WHERE scope = 0 AND bucket = session.id) AS input_tokens,
       (SELECT coalesce(sum(output_tokens), 0) FROM rollups WHERE scope = 0 AND bucket = session.id) AS output_tokens,
       (SELECT coalesce(sum(cache_read_tokens), 0) FROM rollups WHERE scope = 0 AND bucket = session.id)
           AS cache_read_tokens,
       (SELECT coalesce(sum(cache_creation_tokens), 0) FROM rollups WHERE scope = 0 AND bucket = session.id)
           AS cache_creation_tokens,
       NOT session.is_talk AS is_empty,
       NOT EXISTS (SELECT 1 FROM files WHERE session_id = session.id AND kind <> 'spill' AND NOT is_missing) AS is_missing,
       session_cost(session.id) AS cost,
       (SELECT cost / 1e12 FROM reported_costs WHERE session_id = session.id AND model_id = 0) AS reported_cost
FROM main.sessions AS session JOIN main.projects AS project ON project.id = session.project_id;

CREATE TEMP VIEW v_files AS
SELECT file.path AS path, (SELECT path FROM config_dirs WHERE id = file.config_dir_id) AS config_dir, file.kind AS kind,
       session.session_id AS session_id,
       (SELECT slug FROM projects WHERE id = file.project_id) AS project_id,
       (SELECT value FROM strings WHERE id = file.agent_id) AS agent_id,
       file.agent_type AS agent_type, file.agent_description AS agent_description, file.workflow AS workflow,
       file.size AS size_bytes, file.is_missing AS is_missing, generation.number AS generation,
       generation.offset AS indexed_bytes, generation.lines AS line_count,
       generation.messages - generation.logged - generation.replays AS message_count, generation.replays AS replay_count,
       generation.prompts AS prompt_count, generation.problems AS problem_count, generation.notes AS note_count,
       iso_time(generation.first_time) AS first_time, iso_time(generation.last_time) AS last_time
FROM main.files AS file
JOIN main.sessions AS session ON session.id = file.session_id
JOIN main.generations AS generation ON generation.id = file.generation_id;

CREATE TEMP VIEW v_messages AS
SELECT message_id(file.path_hash, message.line, message.part) AS id, message.id AS row_id,
       session.session_id AS session_id,
       (SELECT slug FROM projects WHERE id = file.project_id) AS project_id,
       (SELECT value FROM strings WHERE id = coalesce(message.agent_id, file.agent_id)) AS agent_id,
       (SELECT value FROM strings WHERE id = message.record_session_id) AS record_session_id,
       uuid_text(message.uuid) AS uuid,
       uuid_text(CASE typeof(message.parent_uuid) WHEN 'integer' THEN (
               SELECT parent.uuid FROM main.messages AS parent WHERE parent.generation_id = message.generation_id
               AND parent.line = message.line - message.parent_uuid AND parent.part = 0) ELSE message.parent_uuid END) AS parent_uuid,
       (SELECT value FROM strings WHERE id = message.type_id) AS type,
       (SELECT value FROM strings WHERE id = message.subtype_id) AS subtype,
       CASE WHEN message.flags & 64 THEN 'user' WHEN message.flags & 128 THEN 'assistant' END AS role,
       (SELECT value FROM strings WHERE id = message.model_id) AS model,
       iso_time(message.time) AS time, message.time AS time_ms,
       file.path AS path, message.line AS line_number, message.part AS part,
       message.flags & 2 <> 0 AS is_sidechain, message.flags & 4 <> 0 AS is_meta, message.flags & 8 <> 0 AS is_error,
       message.flags & 16 <> 0 AS is_prompt, message.flags & 32 <> 0 AS is_provisional,
       message.flags & 16 AND coalesce((SELECT NOT rewind.is_continued FROM rewinds AS rewind WHERE rewind.prompt_id = message.id
               ORDER BY rewind.by_line DESC, rewind.by_id DESC LIMIT 1), FALSE) AS is_rewound,
       message.input_tokens AS input_tokens, message.output_tokens AS output_tokens,
       message.cache_read_tokens AS cache_read_tokens, message.cache_creation_tokens AS cache_creation_tokens,
       message.length AS size_bytes, message.preview AS preview,
       message_text(message.id) AS text, message_raw(message.id) AS raw
FROM main.messages AS message
JOIN main.generations AS generation ON generation.id = message.generation_id
JOIN main.files AS file ON file.id = generation.file_id
JOIN main.sessions AS session ON session.id = file.session_id
WHERE NOT generation.is_superseded AND message.replay_of IS NULL AND NOT message.flags & 4096;

CREATE TEMP VIEW v_usage AS
SELECT usage.key AS api_message_id,
       message_id(file.path_hash, message.line, message.part, generation.is_superseded, generation.number) AS message_id,
       session.session_id AS session_id,
       (SELECT slug FROM projects WHERE id = usage.project_id) AS project_id,
       (SELECT value FROM strings WHERE id = coalesce(message.agent_id, file.agent_id)) AS agent_id,
       (SELECT value FROM strings WHERE id = usage.model_id) AS model,
       iso_time(usage.time) AS time, usage.time AS time_ms,
       usage.input_tokens AS input_tokens, usage.output_tokens AS output_tokens,
       usage.cache_read_tokens AS cache_read_tokens, usage.cache_creation_tokens AS cache_creation_tokens,
       usage.cache_creation_5m_tokens AS cache_creation_5m_tokens,
       usage.cache_creation_1h_tokens AS cache_creation_1h_tokens,
       rate_name(usage.billing ->> 'rate') AS rate, coalesce(usage.billing ->> 'webSearches', 0) AS web_searches,
       coalesce(usage.billing -> 'iterations', '[]') AS iterations,
       usage_cost(usage.model_id, usage.time, usage.billing, usage.input_tokens, usage.output_tokens,
           usage.cache_read_tokens, usage.cache_creation_tokens, usage.cache_creation_5m_tokens,
           usage.cache_creation_1h_tokens) AS cost
FROM main.usage AS usage
JOIN main.messages AS message ON message.id = usage.origin_id AND message.usage_id = usage.id
JOIN main.generations AS generation ON generation.id = message.generation_id
JOIN main.files AS file ON file.id = generation.file_id
JOIN main.sessions AS session ON session.id = file.session_id
WHERE usage.winner_id IS NOT NULL;

CREATE TEMP VIEW v_tool_calls AS
SELECT call.tool_use_id AS id, (SELECT value FROM strings WHERE id = call.name_id) AS name,
       session.session_id AS session_id,
       (SELECT value FROM strings WHERE id = coalesce(message.agent_id, file.agent_id)) AS agent_id,
       message_id(file.path_hash, message.line, message.part) AS message_id, message.id AS message_row_id,
       iso_time(message.time) AS time, message.time AS time_ms,
       tool_input(message.id, call.ordinal) AS input,
       result.message_id IS NOT NULL AS has_result,
       result.message_id AS result_row_id,
       (SELECT iso_time(time) FROM messages WHERE id = result.message_id) AS result_time,
       (SELECT time FROM messages WHERE id = result.message_id) - message.time AS duration_ms,
       result.is_error AS is_error, result.spill AS spill,
       tool_output(result.message_id, result.ordinal) AS output
FROM main.tool_calls AS call
JOIN main.messages AS message ON message.id = call.message_id
JOIN main.generations AS generation ON generation.id = message.generation_id
JOIN main.files AS file ON file.id = generation.file_id
JOIN main.sessions AS session ON session.id = file.session_id
LEFT JOIN main.tool_results AS result ON (result.message_id, result.ordinal) = (
    SELECT found.message_id, found.ordinal FROM main.tool_results AS found
    CROSS JOIN main.messages AS answer ON answer.id = found.message_id
    CROSS JOIN main.generations AS answered ON answered.id = answer.generation_id
    CROSS JOIN main.files AS answer_file ON answer_file.id = answered.file_id
    CROSS JOIN main.config_dirs AS answer_dir ON answer_dir.id = answer_file.config_dir_id
    WHERE found.tool_use_key = call.tool_use_key AND answer.replay_of IS NULL AND NOT answered.is_superseded
    ORDER BY answer.carried_uuid IS NOT NULL, answer_file.path, answer_dir.path, answer.line, answer.part, found.ordinal
    LIMIT 1)
WHERE NOT generation.is_superseded AND message.replay_of IS NULL AND NOT ({REPEATS_AN_AGENT});

CREATE TEMP VIEW v_file_changes AS
SELECT session.session_id AS session_id, change.path AS path, change.action AS action,
       change.lines_added AS lines_added, change.lines_removed AS lines_removed,
       (SELECT value FROM strings WHERE id = change.tool_id) AS tool,
       message_id(file.path_hash, message.line, message.part) AS message_id, message.id AS message_row_id,
       iso_time(message.time) AS time, message.time AS time_ms
FROM main.session_file_changes AS change
JOIN main.sessions AS session ON session.id = change.session_id
JOIN main.messages AS message ON message.id = change.message_id
JOIN main.generations AS generation ON generation.id = message.generation_id
JOIN main.files AS file ON file.id = generation.file_id
WHERE NOT generation.is_superseded AND message.replay_of IS NULL AND NOT ({REPEATS_AN_AGENT});

CREATE TEMP VIEW v_todos AS
SELECT session.session_id AS session_id, item.key AS position, item.value ->> 'content' AS content,
       item.value ->> 'status' AS status, item.value ->> 'activeForm' AS active_form,
       (SELECT iso_time(time) FROM messages WHERE id = list.message_id) AS time
FROM main.sessions AS session
CROSS JOIN main.session_todos AS list ON list.message_id = (
    SELECT written.message_id FROM main.session_todos AS written
    CROSS JOIN main.messages AS message ON message.id = written.message_id
    CROSS JOIN main.generations AS generation ON generation.id = message.generation_id
    CROSS JOIN main.files AS file ON file.id = generation.file_id
    CROSS JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id
    WHERE written.session_id = session.id AND NOT generation.is_superseded AND message.replay_of IS NULL
    AND NOT ({REPEATS_AN_AGENT})
    ORDER BY message.time DESC, file.path DESC, config_dir.path DESC, message.line DESC, message.part DESC LIMIT 1)
CROSS JOIN json_each(list.todos) AS item;

CREATE TEMP VIEW v_tasks AS
SELECT session.session_id AS session_id, task.task_id AS id, task.subject AS subject, task.description AS description,
       task.active_form AS active_form, task.status AS status, task.owner AS owner, task.blocked_by AS blocked_by,
       iso_time(task.created_at) AS created_at, iso_time(task.updated_at) AS updated_at
FROM main.native_tasks AS task JOIN main.sessions AS session ON session.id = task.session_id;

CREATE TEMP VIEW v_hooks AS
SELECT session.session_id AS session_id, hook.event AS event, hook.name AS name, hook.command AS command,
       hook.duration_ms AS duration_ms, hook.exit_code AS exit_code, hook.is_error AS is_error,
       message_id(file.path_hash, message.line, message.part) AS message_id, message.id AS message_row_id,
       iso_time(message.time) AS time, message.time AS time_ms
FROM main.hook_executions AS hook
JOIN main.sessions AS session ON session.id = hook.session_id
JOIN main.messages AS message ON message.id = hook.message_id
JOIN main.generations AS generation ON generation.id = message.generation_id
JOIN main.files AS file ON file.id = generation.file_id
WHERE NOT generation.is_superseded AND message.replay_of IS NULL AND NOT ({REPEATS_AN_AGENT});

CREATE TEMP VIEW v_summaries AS
SELECT session.session_id AS session_id, summary.kind AS kind, summary.text AS text,
       uuid_text(summary.leaf_uuid) AS leaf_uuid,
       message_id(file.path_hash, message.line, message.part) AS message_id, message.id AS message_row_id,
       iso_time(message.time) AS time, message.time AS time_ms
FROM main.session_summaries AS summary
JOIN main.sessions AS session ON session.id = summary.session_id
JOIN main.messages AS message ON message.id = summary.message_id
JOIN main.generations AS generation ON generation.id = message.generation_id
JOIN main.files AS file ON file.id = generation.file_id
WHERE NOT generation.is_superseded AND message.replay_of IS NULL AND NOT ({REPEATS_AN_AGENT});

CREATE TEMP VIEW v_problems AS
SELECT session.session_id AS session_id, file.path AS path, problem.line AS line_number, problem.part AS part,
       problem.kind AS kind, problem.is_note AS is_note, problem.detail AS detail, problem.length AS size_bytes
FROM main.problems AS problem
JOIN main.generations AS generation ON generation.id = problem.generation_id
JOIN main.files AS file ON file.id = generation.file_id
JOIN main.sessions AS session ON session.id = file.session_id
WHERE NOT generation.is_superseded;

CREATE TEMP VIEW v_days AS
SELECT date(day.bucket * 86400, 'unixepoch') AS day,
       (SELECT slug FROM projects WHERE id = day.project_id) AS project_id,
       (SELECT value FROM strings WHERE id = coalesce(
           (SELECT model_id FROM rates WHERE id = day.model_id), day.model_id)) AS model,
       day.messages AS messages, day.prompts AS prompts, day.assistants AS assistants, day.tool_calls AS tool_calls,
       day.tool_errors AS tool_errors, day.lines_added AS lines_added, day.lines_removed AS lines_removed,
       day.api_messages AS api_messages, day.input_tokens AS input_tokens, day.output_tokens AS output_tokens,
       day.cache_read_tokens AS cache_read_tokens, day.cache_creation_tokens AS cache_creation_tokens,
       rate_name((SELECT rate FROM rates WHERE id = day.model_id)) AS rate, day.web_searches AS web_searches,
       day.iterations AS iterations, day_cost(day.bucket, day.project_id, day.model_id) AS cost
FROM main.rollups AS day WHERE day.scope = 2;
