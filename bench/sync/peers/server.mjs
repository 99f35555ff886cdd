// A CouchDB that is PouchDB behind Express 4: express-pouchdb breaks under Express 5.
//   node server.mjs FOLDER
import { createRequire } from 'node:module';
import express from 'express';

const require = createRequire(import.meta.url);
const PouchDB = require('pouchdb').defaults({ prefix: `${process.argv[2]}/` });

const app = express();
app.use(
  '/',
  require('express-pouchdb')(PouchDB, {
    mode: 'minimumForPouchDB',
    inMemoryConfig: true,
    logPath: `${process.argv[2]}/log.txt`,
  }),
);
const listener = app.listen(0, '127.0.0.1', () => {
  console.log(`listening http://127.0.0.1:${listener.address().port}`);
});
