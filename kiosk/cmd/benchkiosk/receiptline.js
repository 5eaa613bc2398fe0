// Encodes the documents of docs.json again and again: for every line read, one
// turn, answered by one line of JSON. It loads receiptline from ./node_modules.
const receiptline = require('receiptline');
const docs = require('./docs.json');
const printer = { cpl: docs.columns, encoding: 'gb18030', command: 'generic', spacing: false, cutting: true };

function turn() {
  for (const doc of docs.warm) receiptline.transform(doc, printer);
  let bytes = 0;
  let last = '';
  const begin = process.cpuUsage();
  for (const doc of docs.docs) {
    last = receiptline.transform(doc, printer);
    bytes += last.length;
  }
  const used = process.cpuUsage(begin);
  const n = docs.docs.length;
  return { cpu: (used.user + used.system) / 1000 / n, size: bytes / n, last: Buffer.from(last, 'latin1').toString('base64') };
}

require('readline').createInterface({ input: process.stdin }).on('line', () => {
  process.stdout.write(JSON.stringify(turn()) + '\n');
});
