// Scans a config dir through the addon, and prints how long the event loop was held up meanwhile.
// usage: node event_loop.mjs BINDINGS CONFIG_DIR DATABASE

import { createRequire } from 'node:module'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { dirname, resolve } from 'node:path'

const [bindings, configDir, dbPath] = process.argv.slice(2).map((path) => resolve(path))
const { Han } = createRequire(import.meta.url)(bindings)

// A timer of 1 ms: its lateness is the delay. The histogram counts the interval itself, too.
const RESOLUTION_MS = 1
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
const milliseconds = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)

const han = Han.open({ dataDir: dirname(dbPath), dbPath, configDirs: [configDir] })
delay.enable()
const start = performance.now()
let calls = 0
const report = await han.scan({ onProgress: () => calls++ })
const durationMs = performance.now() - start
delay.disable()
await han.close()

console.log(
  JSON.stringify({
    p50: milliseconds(delay.percentile(50)),
    p99: milliseconds(delay.percentile(99)),
    max: milliseconds(delay.max),
    durationMs,
    bytes: report.bytes,
    progressCalls: calls,
  }),
)
