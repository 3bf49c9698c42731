'use strict';

const { parentPort, workerData } = require('node:worker_threads');
const { Han } = require('han-native');

(async () => {
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
