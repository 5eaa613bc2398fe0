// Encodes slips again and again. The first line read is the job in JSON; for
// every further line comes one turn, answered by one line of JSON. The library
// is loaded from ./node_modules.
let job;
let encode;

function viaReceiptline() {
  const receiptline = require('receiptline');
  const printer = { cpl: job.columns, encoding: 'gb18030', command: 'generic', spacing: false, cutting: job.cutter };
  return (doc) => Buffer.from(receiptline.transform(doc, printer), 'latin1');
}

function viaThermal() {
  const { ThermalPrinter, PrinterTypes, CharacterSet } = require('node-thermal-printer');
  const lines = (p, list, what) => {
    for (const s of list) {
      const sized = s.w > 0 || s.h > 0;
      if (sized) p.setTextSize(s.h, s.w);
      if (s.bold) p.bold(true);
      if (s.reverse) p.invert(true);
      what(s.text);
      if (s.reverse) p.invert(false);
      if (s.bold) p.bold(false);
      if (sized) p.setTextSize(0, 0);
    }
  };
  const steps = {
    text(p, c) {
      if (c.align === 1) p.alignCenter();
      if (c.align === 2) p.alignRight();
      lines(p, c.left, (t) => p.print(t));
      p.newLine();
      if (c.align !== 0) p.alignLeft();
    },
    row(p, c) {
      const right = c.right.map((s) => s.text).join('');
      if (c.left.length === 1) lines(p, c.left, (t) => p.leftRight(t, right));
      else p.leftRight(c.left.map((s) => s.text).join(''), right);
    },
    rule(p) { p.drawLine(); },
    qr(p, c) {
      p.alignCenter();
      p.printQR(c.url, { cellSize: c.cell, correction: 'M', model: 2 });
      p.alignLeft();
    },
    cut(p) {
      if (job.cutter) p.cut();
      else for (let i = 0; i < 4; i++) p.newLine();
    },
  };
  return (doc) => {
    const p = new ThermalPrinter({ type: PrinterTypes.EPSON, width: job.columns, characterSet: CharacterSet.CHINA });
    if (job.hanzi) p.add(Buffer.from([0x1c, 0x26]));
    for (const c of doc) steps[c.do](p, c);
    return p.getBuffer();
  };
}

function turn() {
  for (const doc of job.warm) encode(doc);
  let bytes = 0;
  let last;
  const begin = process.cpuUsage();
  for (const doc of job.docs) {
    last = encode(doc);
    bytes += last.length;
  }
  const used = process.cpuUsage(begin);
  const n = job.docs.length;
  return { cpu: (used.user + used.system) / 1000 / n, size: bytes / n, last: last.toString('base64') };
}

require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  if (!job) {
    job = JSON.parse(line);
    encode = job.library === 'receiptline' ? viaReceiptline() : viaThermal();
    return;
  }
  process.stdout.write(JSON.stringify(turn()) + '\n');
});
