import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './support/wrk.ts';

// How long the Action takes for what it is asked most often, a comment without a command, and for
// the check of a configuration, beside a Node that does nothing.
// `node bench/action-start.ts [--json]`; about 10 s. Needs `npm run build`.
const rounds = 20;
const goalMs = 150;
const folder = mkdtempSync(join(tmpdir(), 'sallyport-action-'));
const bundle = join(folder, 'index.js');

try {
  copyFileSync(join(import.meta.dirname, '../action/dist/index.js'), bundle);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
  writeFileSync(
    join(folder, 'event.json'),
    '{"action":"created","comment":{"id":1,"body":"Nice work"}}',
  );
  writeFileSync(
    join(folder, 'sallyport.yml'),
    'version: 1\ntargets: { web: { kind: files, source: site, destination: /srv/site } }\n' +
      'environments: { production: { targets: [web] } }\n',
  );
  const [bare, comment, validate]: [number[], number[], number[]] = [[], [], []];
  // In turns, so that a noisy moment hits all.
  for (let round = 0; round < rounds; round += 1) {
    bare.push(timeOf(['-e', '0']));
    comment.push(timeOf([bundle], { INPUT_MODE: 'chatops' }));
    validate.push(timeOf([bundle], { INPUT_MODE: 'validate', INPUT_CONFIG: 'sallyport.yml' }));
  }
  const result = {
    bareMs: median(bare),
    commentMs: median(comment),
    validateMs: median(validate),
    goalMs,
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify(result));
  else {
    console.table([
      rowOf('node -e 0', result.bareMs, result),
      rowOf('a comment without a command', result.commentMs, result),
      rowOf('validate', result.validateMs, result),
    ]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function timeOf(words: readonly string[], inputs: Readonly<Record<string, string>> = {}): number {
  const env = {
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_SERVER_URL: 'http://127.0.0.1:9',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_REPOSITORY_ID: '1',
    GITHUB_WORKSPACE: folder,
    GITHUB_EVENT_NAME: 'issue_comment',
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    GITHUB_ACTOR: 'mona',
    GITHUB_ACTOR_ID: '1',
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_ATTEMPT: '1',
    ...inputs,
  };
  const began = performance.now();
  const { status } = spawnSync(process.execPath, words, { stdio: 'ignore', env });
  if (status !== 0) throw new Error(`node ${words.join(' ')} ended with ${status}`);
  return performance.now() - began;
}

function rowOf(what: string, ms: number, { bareMs }: { readonly bareMs: number }) {
  return {
    what,
    ms: ms.toFixed(0),
    '÷ bare': (ms / bareMs).toFixed(2),
    '÷ goal': (ms / goalMs).toFixed(2),
  };
}
