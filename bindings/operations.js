'use strict';

// The groups of operations of a handle, such as `han.sessions`. Documented in index.d.ts.

const { json } = require('./input.js');

/** Handles that lead or watch: they go on, until they are closed, though nobody holds them. */
const kept = new Set();

/** An operation that looks up what belongs to ids, or to sessions. */
const byIds = (look) => async (ids) => look(json('ids', ids));
const bySessions = (look) => async (sessionIds) => look(json('sessionIds', sessionIds));

const operations = (native, embedders) => ({
  sessions: Object.freeze({
    list: async (query) => native.sessionsList(json('options', query)),
    get: byIds((ids) => native.sessionsGet(ids)),
  }),
  messages: Object.freeze({
    list: async (query) => native.messagesList(json('options', query)),
    get: byIds((ids) => native.messagesGet(ids)),
    raw: byIds((ids) => native.messagesRaw(ids)),
    rawBytes: byIds((ids) => native.messagesRawBytes(ids)),
    countBatch: bySessions((ids) => native.messagesCountBatch(ids)),
    timestampsBatch: bySessions((ids) => native.messagesTimestampsBatch(ids)),
  }),
  files: Object.freeze({
    get: byIds((ids) => native.filesGet(ids)),
    bySession: bySessions((ids) => native.filesBySession(ids)),
  }),
  toolCalls: Object.freeze({
    get: async (ids, options) => native.toolCallsGet(json('ids', ids), json('options', options)),
  }),
  todos: Object.freeze({ get: bySessions((ids) => native.todosGet(ids)) }),
  tasks: Object.freeze({ get: bySessions((ids) => native.tasksGet(ids)) }),
  fileChanges: Object.freeze({ get: bySessions((ids) => native.fileChangesGet(ids)) }),
  hookExecutions: Object.freeze({ get: bySessions((ids) => native.hookExecutionsGet(ids)) }),
  summaries: Object.freeze({ get: bySessions((ids) => native.summariesGet(ids)) }),
  usage: Object.freeze({ bySession: bySessions((ids) => native.usageBySession(ids)) }),
  vectors: Object.freeze({
    models: async () => native.vectorsModels(),
    remove: async (model) => native.vectorsRemove(json('model', model)),
    pending: async (query) => native.vectorsPending(json('options', query)),
    embedPending: async (model, options) => embedders.embedPending(native, model, options),
  }),
  coordinator: Object.freeze({
    tryAcquire() {
      const leads = native.coordinatorTryAcquire();
      kept.add(native);
      return leads;
    },
    release: () => native.coordinatorRelease(),
    isCoordinator: () => native.coordinatorIsCoordinator(),
    status: () => native.coordinatorStatus(),
  }),
  watcher: Object.freeze({
    async start() {
      await native.watcherStart();
      kept.add(native);
    },
    async stop() {
      await native.watcherStop();
    },
    addPath: (configDir) => native.watcherAddPath(json('configDir', configDir)),
    removePath: (configDir) => native.watcherRemovePath(json('configDir', configDir)),
    status: () => native.watcherStatus(),
  }),
});

/** Lets a handle go that is closed. */
const release = (native) => kept.delete(native);

module.exports = { operations, release };
