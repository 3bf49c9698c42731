//! The `attachment` of an `attachment` record.

use super::{Number, Raw, Text};

lenient_object! {
    /// `attachment`
    pub(crate) struct Attachment<'a> {
        kind: Text<'a> = "type",
        prompt: Raw<'a> = "prompt",
        command_mode: Text<'a> = "commandMode",
        origin: Origin<'a> = "origin",
        content: Raw<'a> = "content",
        filename: Text<'a> = "filename",
        hook_event: Text<'a> = "hookEvent",
        hook_name: Text<'a> = "hookName",
        command: Text<'a> = "command",
        duration_ms: Number = "durationMs",
        exit_code: Number = "exitCode",
        tool_use_id: Text<'a> = "toolUseID",
        blocking_error: BlockingError<'a> = "blockingError",
    }
}

lenient_object! {
    /// Why a hook stopped what was going on.
    pub(crate) struct BlockingError<'a> {
        command: Text<'a> = "command",
    }
}

lenient_object! {
    /// `origin`, of an attachment or a record: who passed it to the agent program.
    pub(crate) struct Origin<'a> {
        kind: Text<'a> = "kind",
    }
}
