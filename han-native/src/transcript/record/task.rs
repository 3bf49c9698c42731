//! Items of a todo list, and native tasks.

use super::{List, Raw};

lenient_object! {
    /// An item of a todo list.
    pub(crate) struct Todo<'a> {
        content: Raw<'a> = "content",
        status: Raw<'a> = "status",
        active_form: Raw<'a> = "activeForm",
    }
}

lenient_object! {
    /// A task as the results of TaskCreate, TaskGet and TaskList show it.
    pub(crate) struct Task<'a> {
        id: Raw<'a> = "id",
        subject: Raw<'a> = "subject",
        description: Raw<'a> = "description",
        status: Raw<'a> = "status",
        owner: Raw<'a> = "owner",
        blocked_by: List<Raw<'a>> = "blockedBy",
    }
}
