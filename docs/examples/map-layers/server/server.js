// A small map server. It reads the layers of each environment once, and again when it is told to:
//   GET  /<environment>/layers   the layers that it serves
//   POST /<environment>/reload   204, or 422 with what is wrong (it then goes on with what it has)
//   GET  /<environment>/health   200 while what it serves is what lies on the disk
import { readdir, readFile, realpath } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = process.argv[2] ?? '/srv/maps';
const served = new Map();

async function readLayers(environment) {
  // A symbolic link that is switched meanwhile must not mix two directories.
  const folder = await realpath(join(root, environment));
  const names = (await readdir(join(folder, 'layers'))).filter((name) => name.endsWith('.yaml'));
  const layers = await Promise.all(
    names.toSorted().map(async (name) => {
      const layer = parse(await readFile(join(folder, 'layers', name), 'utf8'));
      if (!layer?.name || !layer.source)
        throw new Error(`${name}: a layer has a name and a source`);
      return layer;
    }),
  );
  return { folder, layers };
}

async function answer(method, environment, action) {
  if (method === 'POST' && action === 'reload') {
    served.set(environment, await readLayers(environment));
    return [204];
  }
  if (!served.has(environment)) served.set(environment, await readLayers(environment));
  const { folder, layers } = served.get(environment);
  if (action === 'layers') return [200, layers];
  if (action !== 'health') return [404, { error: 'not found' }];
  const isCurrent = folder === (await realpath(join(root, environment)));
  return [isCurrent ? 200 : 503, { layers: layers.length, current: isCurrent }];
}

const server = createServer((request, response) => {
  const [, environment = '', action] = new URL(request.url, 'http://maps').pathname.split('/');
  const known = /^[a-z]+$/.test(environment);
  const answering = known ? answer(request.method, environment, action) : Promise.resolve([404]);
  void answering
    .catch((error) => [422, { error: error.message }])
    .then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : `${JSON.stringify(body)}\n`);
    });
});
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
