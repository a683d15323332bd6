/** What a commit of the sample repository may be: a release that works, or one that does not. */
export type SampleKind = 'good' | 'broken';

/** The files of the sample repository: a small web service without dependencies, whose page tells its version. */
export function sampleFiles(version: string, kind: SampleKind): Readonly<Record<string, string>> {
  return {
    VERSION: `${version}\n`,
    'package.json': `${JSON.stringify({ name: 'hello', version, private: true, type: 'module', scripts: { start: 'node server.js', test: 'node check.js' } }, null, 2)}\n`,
    'server.js': kind === 'good' ? serverText : brokenServerText,
    'check.js': checkText,
    'SMOKE.js': smokeText,
    'README.md': '# hello\n\nA web service that says hello and which version it is.\n',
  };
}

const serverText = `import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const version = readFileSync(new URL('./VERSION', import.meta.url), 'utf8').trim();

const server = createServer((request, response) => {
  if (request.url === '/ping') return response.end('pong\\n');
  if (request.url === '/version') return response.end(version + '\\n');
  response.setHeader('content-type', 'text/html');
  response.end('<!doctype html><title>hello</title><h1>Hello from ' + version + '</h1>\\n');
});

server.listen(process.env.PORT, '127.0.0.1', () => {
  console.log('hello ' + version + ' listens on ' + process.env.PORT);
});
process.on('SIGTERM', () => server.close());
`;

/** It builds, its test passes, it starts: and then it cannot reach what it needs. */
const brokenServerText = serverText.replace(
  "  if (request.url === '/ping') return response.end('pong\\n');",
  `  if (request.url === '/ping') {
    console.error('ECONNREFUSED: the database that this release needs is not there');
    return response.writeHead(500).end('no database\\n');
  }`,
);

const checkText = `import { readFileSync } from 'node:fs';

const version = readFileSync(new URL('./VERSION', import.meta.url), 'utf8').trim();
if (!/^\\d+\\.\\d+\\.\\d+$/.test(version)) throw new Error('VERSION is no version: ' + version);
console.log('VERSION is ' + version);
`;

const smokeText = `const page = await fetch(process.env.SALLYPORT_URL);
const text = await page.text();
if (!text.includes(process.env.SALLYPORT_VERSION)) throw new Error('the page does not tell the version: ' + text);
console.log('the page says ' + process.env.SALLYPORT_VERSION);
`;
