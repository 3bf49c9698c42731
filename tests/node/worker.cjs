'use strict';

const { parentPort, workerData } = require('node:worker_threads');
const { Han } = require('han-native');

(async () => {
  if (workerData.follow) {
    const han = Han.open({ dataDir: workerData.dataDir, configDirs: [workerData.follow] });
    const leads = han.coordinator.tryAcquire();
    await han.watcher.start();
    han.onChange({ topics: ['session:**'] }, () => {});
    const waiting = han.subscribe().next();
    parentPort.postMessage(leads ? 'leads' : 'follows');
    await waiting;
    return;
  }
  const han = Han.open({ inMemory: true, configDirs: workerData.scan ? [workerData.scan] : [] });
  if (workerData.scan) {
    const scan = han.scan({ onProgress() {} });
    parentPort.postMessage('scanning');
    await scan;
    return;
  }
  const { messagesIndexed } = await han.indexSessionFile(workerData.path);
  await han.close();
  parentPort.postMessage(messagesIndexed);
})();
