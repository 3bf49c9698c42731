//! The outermost object of a record, with the fields of every record type.

use super::lenient::Flag;
use super::message::ApiMessage;
use super::progress::Progress;
use super::{Attachment, Dollars, List, ModelCosts, Number, Origin, Raw, Text, Todo};

lenient_object! {
    /// A record. The common fields come first, since keys are compared in this order.
    pub(crate) struct Envelope<'a> {
        parent_uuid: Text<'a> = "parentUuid",
        is_sidechain: Flag = "isSidechain",
        cwd: Text<'a> = "cwd",
        session_id: Text<'a> = "sessionId",
        version: Text<'a> = "version",
        git_branch: Text<'a> = "gitBranch",
        record_type: Text<'a> = "type",
        message: ApiMessage<'a> = "message",
        uuid: Text<'a> = "uuid",
        timestamp: Raw<'a> = "timestamp",
        tool_use_result: Raw<'a> = "toolUseResult",
        agent_id: Text<'a> = "agentId",
        is_meta: Flag = "isMeta",
        is_compact_summary: Flag = "isCompactSummary",
        is_api_error: Flag = "isApiErrorMessage",
        todos: List<Todo<'a>> = "todos",

        // user: who wrote it
        origin: Origin<'a> = "origin",
        turn_origin: Text<'a> = "turnOrigin",
        prompt_source: Text<'a> = "promptSource",
        row_source: Text<'a> = "rowSource",
        wakeup_source: Text<'a> = "wakeupSource",
        session_kind: Text<'a> = "sessionKind",
        source_tool_use_id: Text<'a> = "sourceToolUseID",
        is_transcript_only: Flag = "isVisibleInTranscriptOnly",
        mcp_meta: McpMeta<'a> = "mcpMeta",

        // progress, attachment
        data: Progress<'a> = "data",
        attachment: Attachment<'a> = "attachment",

        // system
        subtype: Text<'a> = "subtype",
        content: Raw<'a> = "content",
        hook_infos: List<HookInfo<'a>> = "hookInfos",
        hook_errors: List<Raw<'a>> = "hookErrors",
        error: Raw<'a> = "error",
        duration_ms: Number = "durationMs",
        command_run: CommandRun<'a> = "commandRun",

        // copies of another session's records
        forked_from: ForkedFrom<'a> = "forkedFrom",
        request_session_id: Text<'a> = "requestSessionId",
        tool_use_id: Text<'a> = "toolUseID",
        parent_tool_use_id: Text<'a> = "parentToolUseID",

        // queue-operation, file-history-snapshot, file-history-delta
        operation: Text<'a> = "operation",
        message_id: Text<'a> = "messageId",
        snapshot: FileSnapshot<'a> = "snapshot",
        reason: Text<'a> = "reason",
        tracking_path: Text<'a> = "trackingPath",

        // summary and titles
        summary: Raw<'a> = "summary",
        leaf_uuid: Text<'a> = "leafUuid",
        custom_title: Raw<'a> = "customTitle",
        agent_name: Raw<'a> = "agentName",
        ai_title: Raw<'a> = "aiTitle",

        // attachment: the text as the model saw it; api-request
        rendered: Raw<'a> = "rendered",
        params: Raw<'a> = "params",

        // last-prompt, mode, permission-mode, agent-setting, tools-used, pr-link, frame-link
        last_prompt: Raw<'a> = "lastPrompt",
        mode: Text<'a> = "mode",
        permission_mode: Text<'a> = "permissionMode",
        agent_setting: Text<'a> = "agentSetting",
        tools: Raw<'a> = "tools",
        pr_number: Number = "prNumber",
        pr_url: Raw<'a> = "prUrl",
        pr_repository: Raw<'a> = "prRepository",
        frame_url: Raw<'a> = "frameUrl",
        title: Raw<'a> = "title",
        path: Raw<'a> = "path",

        // cost-state
        total_cost: Dollars = "totalCostUSD",
        model_usage: ModelCosts = "modelUsage",

        // relocated, worktree-state
        relocated_cwd: Text<'a> = "relocatedCwd",
        worktree: Worktree<'a> = "worktreeSession",
    }
}

lenient_object! {
    /// `worktreeSession`
    pub(crate) struct Worktree<'a> {
        path: Text<'a> = "worktreePath",
        original_cwd: Text<'a> = "originalCwd",
    }
}

lenient_object! {
    /// Where a fork's copy comes from.
    pub(crate) struct ForkedFrom<'a> {
        session_id: Text<'a> = "sessionId",
    }
}

lenient_object! {
    /// The `snapshot` of a `file-history-snapshot`, whose record has no time of its own.
    pub(crate) struct FileSnapshot<'a> {
        timestamp: Raw<'a> = "timestamp",
    }
}

lenient_object! {
    /// One hook of a `stop_hook_summary`.
    pub(crate) struct HookInfo<'a> {
        command: Text<'a> = "command",
        duration_ms: Number = "durationMs",
    }
}

lenient_object! {
    /// `mcpMeta`: what an MCP server returned besides its text.
    pub(crate) struct McpMeta<'a> {
        structured_content: Raw<'a> = "structuredContent",
    }
}

lenient_object! {
    /// `commandRun`: a command of the agent program that ran, and started no turn.
    pub(crate) struct CommandRun<'a> {
        command: Text<'a> = "command",
        args: Raw<'a> = "args",
    }
}
