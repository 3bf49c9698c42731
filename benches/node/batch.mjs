// Counts the messages of many sessions through the addon and through better-sqlite3, in turns, and prints the medians.
// usage: node batch.mjs BINDINGS DATABASE COPY INPUT: where a copy may be put; the input is {"ids": [...], "sql": "..."}

import { copyFileSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'

const ROUNDS = 60

const [bindings, dbPath, copy, input] = process.argv.slice(2).map((path) => resolve(path))
const require = createRequire(import.meta.url)
const { Han } = require(bindings)
const Database = require('better-sqlite3')
const { ids, sql } = JSON.parse(readFileSync(input, 'utf8'))

// Two SQLites in one process must not share a file: closing it in one drops the locks of the other. Nor may it be copied while
// it is open, for the same reason.
copyFileSync(dbPath, copy)
const han = Han.open({ dataDir: dirname(dbPath), dbPath, configDirs: [], readOnly: true })
const bare = new Database(copy, { readonly: true })
const statement = bare.prepare(sql).raw()

const median = (values) => values.toSorted((left, right) => left - right)[values.length >> 1]
const [ours, theirs] = [[], []]
for (let round = 0; round < ROUNDS; round++) {
  let start = performance.now()
  const counted = await han.messages.countBatch(ids)
  ours.push(performance.now() - start)

  start = performance.now()
  // It treats a numbered parameter as a named one.
  const rows = new Map(statement.all({ 1: JSON.stringify(ids) }))
  theirs.push(performance.now() - start)

  if (rows.size !== ids.length || ids.some((id) => rows.get(id) !== counted[id])) {
    throw new Error('the call and the bare statement do not agree')
  }
}
bare.close()
await han.close()
console.log(JSON.stringify({ ours: median(ours), theirs: median(theirs) }))
