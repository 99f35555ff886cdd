// Push a file of JSON lines from one PouchDB, pull it into another; each a replication of its own.
//   node client.mjs ADDRESS FOLDER DOCUMENTS push|pull
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const PouchDB = require('pouchdb');
const [address, folder, documents, way] = process.argv.slice(2);
const BATCH = 500;

const remote = `${address}/records`;
const local = new PouchDB(`${folder}/${way}`);
if (way === 'push') {
  const docs = readFileSync(documents, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  for (let at = 0; at < docs.length; at += BATCH) {
    await local.bulkDocs(docs.slice(at, at + BATCH).map((doc) => ({ _id: doc.op_id, ...doc })));
  }
}
const before = process.cpuUsage();
const began = performance.now();
const options = { batch_size: BATCH };
const done =
  way === 'push'
    ? await local.replicate.to(remote, options)
    : await local.replicate.from(remote, options);
const seconds = (performance.now() - began) / 1000;
const cpu = process.cpuUsage(before);
await local.close();
console.log(
  JSON.stringify({
    records: done.docs_written,
    seconds: { [way]: seconds },
    cpu_s: (cpu.user + cpu.system) / 1e6,
    peak_mib: Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024,
  }),
);
process.exit(0);
