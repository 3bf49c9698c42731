// The functions below work on a default handle, opened at the first use in `HAN_DATA_DIR`, else in `~/.han`.

/** {@link Han.indexSessionFile} of the default handle. */
export declare const indexSessionFile: Han['indexSessionFile']
/** {@link Han.indexSessionFileSync} of the default handle. */
export declare const indexSessionFileSync: Han['indexSessionFileSync']
/** {@link Han.scan} of the default handle. */
export declare const scan: Han['scan']
/** {@link Han.sessions} of the default handle. */
export declare const sessions: Sessions
/** {@link Han.messages} of the default handle. */
export declare const messages: Messages
/** {@link Han.files} of the default handle. */
export declare const files: Files
/** {@link Han.toolCalls} of the default handle. */
export declare const toolCalls: ToolCalls
/** {@link Han.todos} of the default handle. */
export declare const todos: Todos
/** {@link Han.tasks} of the default handle. */
export declare const tasks: Tasks
/** {@link Han.fileChanges} of the default handle. */
export declare const fileChanges: FileChanges
/** {@link Han.hookExecutions} of the default handle. */
export declare const hookExecutions: HookExecutions
/** {@link Han.summaries} of the default handle. */
export declare const summaries: Summaries
/** {@link Han.usage} of the default handle. */
export declare const usage: Usage
/** {@link Han.vectors} of the default handle. */
export declare const vectors: Vectors
/** {@link Han.coordinator} of the default handle. */
export declare const coordinator: Coordinator
/** {@link Han.watcher} of the default handle. */
export declare const watcher: Watcher
/** {@link Han.subscribe} of the default handle. */
export declare const subscribe: Han['subscribe']
/** {@link Han.onChange} of the default handle. */
export declare const onChange: Han['onChange']
/** {@link Han.search} of the default handle. */
export declare const search: Han['search']
/** {@link Han.searchVectors} of the default handle. */
export declare const searchVectors: Han['searchVectors']
/** {@link Han.indexVectors} of the default handle. */
export declare const indexVectors: Han['indexVectors']
/** {@link Han.registerEmbedder} of the default handle. */
export declare const registerEmbedder: Han['registerEmbedder']
/** {@link Han.loadEmbedder} of the default handle. */
export declare const loadEmbedder: Han['loadEmbedder']
/** {@link Han.dashboard} of the default handle. */
export declare const dashboard: Han['dashboard']
/** {@link Han.activity} of the default handle. */
export declare const activity: Han['activity']
/** {@link Han.queryDashboardAggregates} of the default handle. */
export declare const queryDashboardAggregates: Han['queryDashboardAggregates']
/** {@link Han.query} of the default handle. */
export declare const query: Han['query']
/** {@link Han.exportSession} of the default handle. */
export declare const exportSession: Han['exportSession']
/** {@link Han.exportSessionToFile} of the default handle. */
export declare const exportSessionToFile: Han['exportSessionToFile']
/** {@link Han.problems} of the default handle. */
export declare const problems: Han['problems']
/** {@link Han.restore} of the default handle. */
export declare const restore: Han['restore']
/** {@link Han.stats} of the default handle. */
export declare const stats: Han['stats']
/** {@link Han.doctor} of the default handle. */
export declare const doctor: Han['doctor']
/** {@link Han.rederive} of the default handle. */
export declare const rederive: Han['rederive']
/** {@link Han.forget} of the default handle. */
export declare const forget: Han['forget']
/** {@link Han.backup} of the default handle. */
export declare const backup: Han['backup']
/** Closes the default handle, if it is open; the next use opens it again. */
export declare const close: Han['close']
