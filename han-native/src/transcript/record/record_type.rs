//! The record types that are known: when one is added here, the compiler leads to the rules that have to say what it means.

/// How the types of what belongs to a logged request begin: there may be more of them than are known.
const PART_OF_REQUEST: &str = "api-request-";

macro_rules! record_types {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $use:ident;)*) => {
        /// The `type` of a record, if it is known. Records of other types are kept as well: their texts are searchable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum RecordType {
            $($(#[$doc])* $variant,)*
        }

        impl RecordType {
            /// The type of a name; `None` if it is unknown.
            pub(crate) fn of_name(name: &str) -> Option<RecordType> {
                match name {
                    $($name => Some(RecordType::$variant),)*
                    _ if name.starts_with(PART_OF_REQUEST) => Some(RecordType::ApiRequestPart),
                    _ => None,
                }
            }

            /// What records of this type are for.
            pub(crate) fn purpose(self) -> Purpose {
                match self {
                    $(RecordType::$variant => Purpose::$use,)*
                }
            }

            /// Every type with its name.
            #[cfg(test)]
            const ALL: &[(RecordType, &str)] = &[$((RecordType::$variant, $name),)*];
        }
    };
}

/// What a record is for, to the reader of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// What a person, a model or a tool says.
    Talk,
    /// What happens besides the talk, and is worth a line of its own.
    Event,
    /// The agent program's own notes: no part of the conversation.
    Bookkeeping,
    /// The log of what was sent to the API. It repeats what other lines say: kept, but never counted, listed or searched.
    Log,
}

record_types! {
    /// Prompts and tool results.
    User = "user", Talk;
    /// Answers of the model.
    Assistant = "assistant", Talk;
    /// Notices of the agent program; the subtype says which.
    System = "system", Event;
    /// A pull request that the session made.
    PrLink = "pr-link", Event;
    /// A published page.
    FrameLink = "frame-link", Event;
    /// How far a tool, a hook or an agent is.
    Progress = "progress", Bookkeeping;
    /// What was added to a prompt.
    Attachment = "attachment", Bookkeeping;
    /// A prompt that waits, or no longer does.
    QueueOperation = "queue-operation", Bookkeeping;
    /// The title of a session, from its summary.
    Summary = "summary", Bookkeeping;
    /// A title that a person chose.
    CustomTitle = "custom-title", Bookkeeping;
    /// A title that names the agent.
    AgentName = "agent-name", Bookkeeping;
    /// A title that a model made.
    AiTitle = "ai-title", Bookkeeping;
    /// Backups of files.
    FileHistorySnapshot = "file-history-snapshot", Bookkeeping;
    /// A backup of one file.
    FileHistoryDelta = "file-history-delta", Bookkeeping;
    /// A copy of the last prompt.
    LastPrompt = "last-prompt", Bookkeeping;
    /// The mode of the agent program.
    Mode = "mode", Bookkeeping;
    /// What tools may do.
    PermissionMode = "permission-mode", Bookkeeping;
    /// A link to a session elsewhere.
    BridgeSession = "bridge-session", Bookkeeping;
    /// The session continues in another folder.
    Relocated = "relocated", Bookkeeping;
    /// The worktree that the session works in, or that it left.
    WorktreeState = "worktree-state", Bookkeeping;
    /// What the session cost so far.
    CostState = "cost-state", Bookkeeping;
    /// Where a fork comes from.
    ForkContextRef = "fork-context-ref", Bookkeeping;
    /// The agent that a session acts as.
    AgentSetting = "agent-setting", Bookkeeping;
    /// The tools that were used so far.
    ToolsUsed = "tools-used", Bookkeeping;
    /// A switch of the agent program.
    AtisLatch = "atis-latch", Bookkeeping;
    /// A label that a person attached to a session.
    Tag = "tag", Bookkeeping;
    /// What a history leaves out.
    HistorySuppression = "history-suppression", Bookkeeping;
    /// A request to the API.
    ApiRequest = "api-request", Log;
    /// A message of requests, by its hash.
    ApiRequestBlob = "api-request-blob", Log;
    /// The system prompt and the tools of requests, by their hash.
    ApiRequestShape = "api-request-shape", Log;
    /// Anything else that belongs to a request.
    ApiRequestPart = "api-request-", Log;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_one_type() {
        for (record_type, name) in RecordType::ALL {
            assert_eq!(RecordType::of_name(name), Some(*record_type));
        }
        assert_eq!(RecordType::of_name("User"), None);
        assert_eq!(RecordType::of_name(""), None);
        assert_eq!(RecordType::User.purpose(), Purpose::Talk);
        assert_eq!(RecordType::of_name("api-request-anything"), Some(RecordType::ApiRequestPart));
        assert_eq!(RecordType::of_name("api-requests"), None);
    }
}
