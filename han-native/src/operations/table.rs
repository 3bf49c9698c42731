//! The table of operations. A new one is a method of the core, with its documentation, and one line here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::answer::{Document, Records, Reply};
use super::arguments::Arguments;
use super::call::Call;
use super::handle::Handle;
use super::operation::{Kind, Operation, Run};
use crate::config::{DoctorOptions, EmbedOptions, ForgetTarget, ScanOptions, SqlOptions};
use crate::model::*;

/// Ids, at most 10,000.
type Ids = Vec<String>;

/// A line is
///
/// ```text
/// KIND "name" (leading: Type, ... ; options: Type) -> Result = expression;
/// KIND(cancellable, ProgressType) "name" ...
/// ```
///
/// where the expression is a `Result` and may use the parameters, `han`, and `call`, which has the progress and the cancellation.
macro_rules! operations {
    (
        ($handle:ident, $han:ident, $call:ident, $writer:ident);
        $(
            $(#[$attribute:meta])*
            $kind:ident $(($cancellable:ident $(, $progress:ty)?))? $name:literal
            ($($leading:ident: $leading_type:ty),* $(; $options:ident: $options_type:ty)?)
            -> $result:ty = $expression:expr;
        )*
    ) => {
        /// Every operation, in the order of the documentation.
        pub static OPERATIONS: &[Operation] = &[$(
            $(#[$attribute])*
            Operation {
                name: $name,
                kind: operations!(@kind $kind),
                leading: &[$(stringify!($leading)),*],
                is_cancellable: operations!(@is_there $($cancellable)?),
                has_progress: operations!(@is_there $($($progress)?)?),
                form: <$result as Reply>::FORM,
                expression: stringify!($expression),
                run: operations!(@run $kind ($handle, $han, $call, $writer)
                    ($($leading: $leading_type),* $(; $options: $options_type)?) $expression),
                #[cfg(feature = "schema")]
                schema: |collector| super::schema::Shapes {
                    leading: vec![$(collector.input::<$leading_type>()),*],
                    options: operations!(@first $(collector.input::<$options_type>())?),
                    result: collector.output::<$result>(),
                    progress: operations!(@first $($(collector.output::<$progress>())?)?),
                },
            },
        )*];
    };

    (@kind read) => { Kind::Read };
    (@kind write) => { Kind::Write };
    (@kind long) => { Kind::Long };
    (@kind instant) => { Kind::Instant };
    (@kind stream) => { Kind::Stream };
    (@kind alone) => { Kind::Static };

    (@is_there) => { false };
    (@is_there $($there:tt)+) => { true };

    (@first) => { None };
    (@first $value:expr) => { Some($value) };

    (@take $arguments:ident ($($leading:ident: $leading_type:ty),*)) => {
        $(let $leading: $leading_type = $arguments.take(stringify!($leading))?;)*
        $arguments.finish()?;
    };
    (@take $arguments:ident ($($leading:ident: $leading_type:ty),*; $options:ident: $options_type:ty)) => {
        $(let $leading: $leading_type = $arguments.take(stringify!($leading))?;)*
        #[allow(unused_mut)]
        let mut $options: $options_type = $arguments.options()?;
    };

    (@run stream ($handle:ident, $han:ident, $call:ident, $writer:ident) $parameters:tt $expression:expr) => {
        Run::ToWriter(|$handle: &Handle, #[allow(unused_mut)] mut arguments: Arguments, $writer: &mut dyn std::io::Write| {
            let $han = $handle.han();
            operations!(@take arguments $parameters);
            $expression
        })
    };
    (@run alone ($handle:ident, $han:ident, $call:ident, $writer:ident) $parameters:tt $expression:expr) => {
        Run::Alone(|arguments: Arguments| {
            operations!(@take arguments $parameters);
            $expression.map(Reply::answer)
        })
    };
    (@run $kind:ident ($handle:ident, $han:ident, $call:ident, $writer:ident) $parameters:tt $expression:expr) => {
        Run::OnHandle(|$handle: &Handle, #[allow(unused_mut)] mut arguments: Arguments, $call: &mut Call<'_>| {
            #[allow(unused_variables)]
            let ($han, $call) = ($handle.han(), $call);
            operations!(@take arguments $parameters);
            $expression.map(Reply::answer)
        })
    };
}

operations! {
    (handle, han, call, writer);

    alone "versions" () -> Versions = Ok(crate::han::versions());

    write "indexSessionFile" (path: PathBuf) -> IndexResult = han.index_session_file(path);
    long(cancellable, ScanProgress) "scan" (; options: ScanOptions<'_>) -> ScanReport = {
        options.cancellation = call.cancellation.clone();
        options.on_progress = call.hook();
        han.scan(options)
    };
    write "rederive" () -> RederiveReport = han.rederive();

    write "testing.session" (; session: TestSession) -> TestSessionReport = han.testing().session(&session);

    instant "coordinator.tryAcquire" () -> bool = handle.acquire();
    instant "coordinator.release" () -> bool = handle.release();
    instant "coordinator.isCoordinator" () -> bool = han.coordinator().is_coordinator();
    instant "coordinator.status" () -> CoordinatorStatus = han.coordinator().status();

    long "watcher.start" () -> () = han.watcher().start();
    long "watcher.stop" () -> () = {
        han.watcher().stop();
        Ok(())
    };
    instant "watcher.addPath" (config_dir: PathBuf) -> () = han.watcher().add_path(config_dir);
    instant "watcher.removePath" (config_dir: PathBuf) -> () = han.watcher().remove_path(config_dir);
    instant "watcher.status" () -> WatcherStatus = Ok(han.watcher().status());

    read "sessions.list" (; query: SessionQuery) -> Page<Session> = han.sessions().list(&query);
    read "sessions.find" (; find: SessionFind) -> Vec<Session> = han.sessions().find(&find);
    read "sessions.get" (ids: Ids) -> Vec<Option<Session>> = han.sessions().get(&ids);

    read "messages.list" (; query: MessageQuery) -> Page<Message> = han.messages().list(&query);
    read "messages.get" (ids: Ids) -> Vec<Option<Message>> = han.messages().get(&ids);
    read "messages.raw" (ids: Ids) -> Vec<Option<String>> = han.messages().raw(&ids);
    read "messages.rawBytes" (ids: Ids) -> Records = han.messages().raw_bytes(&ids).map(Records);
    read "messages.blocks" (ids: Ids; options: BlockOptions) -> Vec<Option<MessageBlocks>> =
        han.messages().blocks(&ids, &options);
    read "messages.countBatch" (session_ids: Ids) -> BTreeMap<String, i64> = han.messages().count_batch(&session_ids);
    read "messages.timestampsBatch" (session_ids: Ids) -> Vec<Option<MessageTimestamps>> =
        han.messages().timestamps_batch(&session_ids);

    read "search" (; query: SearchQuery) -> Page<SearchHit> = han.search(&query);
    read "searchVectors" (; query: VectorQuery) -> Page<SearchHit> = han.vectors().search(&query);
    read "vectors.models" () -> Vec<VectorModel> = han.vectors().models();
    read "vectors.pending" (; query: PendingQuery) -> Page<PendingMessage> = han.vectors().pending(&query);
    write "vectors.remove" (model: String) -> RemoveVectorsReport = han.vectors().remove(&model);
    long(cancellable, EmbedProgress) "vectors.embedPending" (model: String; options: EmbedOptions<'_>) -> EmbedReport = {
        options.cancellation = call.cancellation.clone();
        options.on_progress = call.hook();
        han.vectors().embed_pending(&model, options)
    };
    #[cfg(feature = "static-embeddings")]
    long "loadEmbedder" (folder: PathBuf; options: crate::config::LoadEmbedderOptions) -> EmbedderInfo =
        han.vectors().load(folder, options.model.as_deref());

    read "files.get" (ids: Ids) -> Vec<Option<SessionFile>> = han.files().get(&ids);
    read "files.bySession" (session_ids: Ids) -> Vec<Option<Vec<SessionFile>>> = han.files().by_session(&session_ids);
    read "toolCalls.get" (ids: Ids; options: ToolCallOptions) -> Vec<Option<ToolCall>> =
        han.tool_calls().get(&ids, options);
    read "todos.get" (session_ids: Ids) -> Vec<Option<TodoList>> = han.todos().get(&session_ids);
    read "tasks.get" (session_ids: Ids) -> Vec<Option<Vec<NativeTask>>> = han.tasks().get(&session_ids);
    read "fileChanges.get" (session_ids: Ids) -> Vec<Option<Vec<FileChange>>> = han.file_changes().get(&session_ids);
    read "hookExecutions.get" (session_ids: Ids) -> Vec<Option<Vec<HookExecution>>> =
        han.hook_executions().get(&session_ids);
    read "summaries.get" (session_ids: Ids) -> Vec<Option<Vec<SessionSummary>>> = han.summaries().get(&session_ids);
    read "usage.bySession" (session_ids: Ids) -> Vec<Option<SessionUsage>> = han.usage().by_session(&session_ids);

    read "dashboard" (; filter: AnalyticsFilter) -> Dashboard = han.dashboard(&filter);
    read "activity" (; filter: AnalyticsFilter) -> Activity = han.activity(&filter);
    read "queryDashboardAggregates" (since: Option<String>) -> Dashboard =
        han.query_dashboard_aggregates(since.as_deref());

    long(cancellable) "query" (sql: String, parameters: Option<SqlParameters>; options: SqlOptions) -> SqlResult = {
        options.cancellation = call.cancellation.clone();
        han.sql(&sql, &parameters.unwrap_or_default(), &options)
    };
    long "exportSession" (id: String, format: Option<ExportFormat>; options: ExportOptions) -> Document =
        han.export_session(&id, format.unwrap_or_default(), &options).map(Document);
    stream "exportSessionTo" (id: String, format: Option<ExportFormat>; options: ExportOptions) -> () =
        han.export_session_to(&id, format.unwrap_or_default(), &options, writer);
    long "exportSessionToFile" (id: String, format: ExportFormat, target_path: PathBuf; options: ExportOptions) -> () =
        han.export_session_to_file(&id, format, &options, target_path);

    read "problems" (; filter: ProblemFilter) -> Page<Problem> = han.problems(&filter);
    long "restore" (source_path: String, target_path: PathBuf) -> () = han.restore(&source_path, target_path);
    read "stats" () -> Stats = han.stats();
    long "doctor" (; options: DoctorOptions) -> DoctorReport = han.doctor(options);
    write "forget" (; target: ForgetTarget) -> ForgetReport = han.forget(&target);
    long "backup" (path: PathBuf) -> () = han.backup(path);
}
