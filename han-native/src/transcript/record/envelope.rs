//! The outermost object of a record, with the fields of every record type.

use super::lenient::Flag;
use super::message::ApiMessage;
use super::progress::Progress;
use super::{Attachment, Dollars, List, ModelCosts, Number, Raw, Text, Todo};

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

        // queue-operation, file-history-snapshot, file-history-delta
        operation: Text<'a> = "operation",
        tracking_path: Text<'a> = "trackingPath",

        // summary and titles
        summary: Raw<'a> = "summary",
        leaf_uuid: Text<'a> = "leafUuid",
        custom_title: Raw<'a> = "customTitle",
        agent_name: Raw<'a> = "agentName",
        ai_title: Raw<'a> = "aiTitle",

        // last-prompt, mode, permission-mode, pr-link, frame-link
        last_prompt: Raw<'a> = "lastPrompt",
        mode: Text<'a> = "mode",
        permission_mode: Text<'a> = "permissionMode",
        pr_number: Number = "prNumber",
        pr_url: Raw<'a> = "prUrl",
        pr_repository: Raw<'a> = "prRepository",
        frame_url: Raw<'a> = "frameUrl",
        title: Raw<'a> = "title",
        path: Raw<'a> = "path",

        // cost-state
        total_cost: Dollars = "totalCostUSD",
        model_usage: ModelCosts = "modelUsage",
    }
}

lenient_object! {
    /// One hook of a `stop_hook_summary`.
    pub(crate) struct HookInfo<'a> {
        command: Text<'a> = "command",
        duration_ms: Number = "durationMs",
    }
}
