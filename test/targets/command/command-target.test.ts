import { readFile, readdir, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../../contract/init.ts';
import { createCommandTarget } from '../../../src/targets/command/create-target.ts';
import {
  contextOf,
  openCommandBench,
  runAll,
  scriptConfig,
  type CommandBench,
} from '../../support/command-bench.ts';
import { shaOf } from '../../support/service-bench.ts';

const { signal } = new AbortController();
const none = `console.log('{"changes": []}')`;
const one = `
  require('node:fs').writeFileSync(process.argv[1], 'the plan');
  console.log('{"changes": [{"action": "add", "resource": "Topic/a"}]}');
  process.exitCode = 2;`;
const withFile = [one, '{plan_file}'];
/** Appends its arguments to a file, so that a test sees what ran. */
const note = (folder: string) =>
  `require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'ran'))}, process.argv.slice(1).join(' ') + '\\n')`;

async function open(): Promise<CommandBench & { ran(): Promise<readonly string[]> }> {
  const bench = await openCommandBench();
  await bench.commit('a', { 'infra/main.tf': '# nothing' });
  const ran = async () =>
    (await readFile(join(bench.folder, 'ran'), 'utf8').catch(() => '')).split('\n').slice(0, -1);
  return Object.assign(bench, { ran });
}

function targetOf(
  bench: CommandBench,
  scripts: Readonly<Record<string, string | readonly string[]>>,
  change: object = {},
  context: Parameters<typeof contextOf>[2] = {},
) {
  return createCommandTarget(
    contextOf(bench.folder, scriptConfig(scripts, change), context).context,
  );
}

test('programs are told where they are, and what earlier targets gave', async () => {
  await using bench = await open();
  const show = `
    const { SALLYPORT_ENVIRONMENT, SALLYPORT_TARGET, SALLYPORT_OUTPUT_DB_URL, SALLYPORT_PARAM_SIZE } = process.env;
    const resource = [process.cwd(), SALLYPORT_ENVIRONMENT, SALLYPORT_TARGET, SALLYPORT_OUTPUT_DB_URL, SALLYPORT_PARAM_SIZE, ...process.argv.slice(1)].join(' ');
    console.log(JSON.stringify({ changes: [{ action: 'add', resource }] })); process.exitCode = 2;`;
  const target = targetOf(
    bench,
    { plan: [show, '{environment}', '{version}', '{sha}', '{release}', 'x{env_root}'], apply: '' },
    { path: 'infra' },
    { outputs: { db: { url: 'db:5432' } }, params: { size: 'big' } },
  );
  const { changes } = await target.plan(signal);
  const [directory, ...words] = changes[0]!.resource.split(' ');
  const release = directory!.replace(/\/infra$/, '');
  const facts = ['production', 'topics', 'db:5432', 'big', 'production', 'aaaaaaa', shaOf('a')];
  expect(words).toEqual([...facts, release, `x${join(bench.folder, 'env')}`]);
  expect(release).toContain(`/state/releases/production/topics/${shaOf('a')}/`);
});

test('a plan with other parameters is another plan', async () => {
  await using bench = await open();
  const plan = `console.log('{"changes":[{"action":"add","resource":"x"}]}'); process.exitCode = 2;`;
  const digestWith = async (params: Readonly<Record<string, string>>) =>
    (await targetOf(bench, { plan, apply: '' }, {}, { params }).plan(signal)).digest;
  const small = await digestWith({ size: 'small' });
  expect(await digestWith({ size: 'small' })).toBe(small);
  expect(await digestWith({ size: 'big' })).not.toBe(small);
});

test('a release is prepared once, and anew where that failed', async () => {
  await using bench = await open();
  const prepare = `${note(bench.folder)}; if (!require('node:fs').existsSync(${JSON.stringify(join(bench.folder, 'ready'))})) process.exit(3)`;
  const make = () => targetOf(bench, { prepare: [prepare, 'prepare'], plan: none, apply: '' });
  await expect(make().plan(signal)).rejects.toMatchObject({ reason: 'build_failed' });
  await writeFile(join(bench.folder, 'ready'), '');
  await make().plan(signal);
  await make().plan(signal, true);
  expect(await bench.ran()).toEqual(['prepare', 'prepare']);
});

test.each([
  ['ends with a code that is not declared', { plan: 'process.exit(1)' }, 'plan_failed'],
  ['prints no plan', { plan: 'process.exit(2)' }, 'plan_failed'],
  ['is not there', { plan: '' }, 'plan_failed', { plan: { run: ['no-such-program'] } }],
  [
    'does not end',
    { plan: 'setInterval(() => {}, 1000)' },
    'timed_out',
    {
      plan: { run: [process.execPath, '-e', 'setInterval(() => {}, 1000)'], timeout: '1s' },
    },
  ],
  [
    'writes no plan file',
    { plan: `console.log('{"changes": [{"action": "add", "resource": "a"}]}'); process.exit(2)` },
    'plan_failed',
    { apply: { run: ['apply', '{plan_file}'] } },
  ],
  [
    'makes the plan file a link',
    {
      plan: [
        `require('node:fs').symlinkSync('/etc/hostname', process.argv[1]); ${none}`,
        '{plan_file}',
      ],
    },
    'plan_failed',
  ],
  [
    'prints without end',
    { plan: `for (let n = 0; n < 34; n++) process.stdout.write(' '.repeat(1024 * 1024)); ${none}` },
    'too_large',
  ],
])('planning fails where the program %s', async (_case, scripts, reason, change: object = {}) => {
  await using bench = await open();
  const target = targetOf(bench, { apply: '', ...scripts }, change);
  await expect(target.plan(signal)).rejects.toMatchObject({ name: 'StepFailure', reason });
  await expect(runAll(target.steps)).rejects.toMatchObject({ reason: 'plan_changed' });
});

test('a deployment is planned once; a plan for something else is not its plan', async () => {
  await using bench = await open();
  const plan = `${note(bench.folder)}; ${none}`;
  const make = (clear: object) =>
    targetOf(bench, { plan: [plan, 'plan'], apply: '' }, { env: { clear } });
  await make({}).plan(signal);
  await make({}).plan(signal);
  expect(await bench.ran()).toHaveLength(1);
  await make({ REGION: 'eu' }).plan(signal);
  expect(await bench.ran()).toHaveLength(2);
});

test('nothing to change: nothing is applied, and the commit counts as applied', async () => {
  await using bench = await open();
  const target = targetOf(bench, { plan: none, apply: note(bench.folder), rollback: '' });
  expect((await target.plan(signal)).changes).toEqual([]);
  await runAll([...target.steps, ...target.settle]);
  expect(await bench.ran()).toEqual([]);
  expect(await target.status()).toMatchObject({ sha: shaOf('a'), health: 'healthy' });
  await runAll(target.rollback);
  expect((await target.status()).sha).toBeNull();
});

test('where there is no plan file, what is planned must still be so when it is applied', async () => {
  await using bench = await open();
  const resource = JSON.stringify(join(bench.folder, 'resource'));
  const plan = `console.log(JSON.stringify({ changes: [{ action: 'add', resource: require('node:fs').readFileSync(${resource}, 'utf8') }] })); process.exitCode = 2`;
  const target = targetOf(bench, { plan, apply: [note(bench.folder), 'apply'] });
  await writeFile(join(bench.folder, 'resource'), 'one');
  await target.plan(signal);
  await writeFile(join(bench.folder, 'resource'), 'other');
  await expect(runAll(target.steps)).rejects.toMatchObject({ reason: 'plan_changed' });
  await writeFile(join(bench.folder, 'resource'), 'one');
  await runAll(target.steps);
  expect(await bench.ran()).toEqual(['apply']);
});

test.each([
  ['apply', { apply: `console.error('no quota'); process.exit(1)` }, 'apply_failed'],
  ['verify', { apply: '', verify: `console.error('no quota'); process.exit(1)` }, 'verify_failed'],
  [
    'outputs',
    { apply: '', outputs: `console.error('no quota'); process.exit(1)` },
    'verify_failed',
  ],
])(
  '%s fails: its last lines are told, and the rollback program runs',
  async (_n, scripts, reason) => {
    await using bench = await open();
    const rollback = [note(bench.folder), 'back to <{previous_sha}>'];
    const target = targetOf(bench, { plan: withFile, rollback: rollback.slice(0, 1), ...scripts });
    await target.plan(signal);
    await expect(runAll(target.steps)).rejects.toMatchObject({ reason, details: ['no quota'] });
    await runAll(target.rollback);
    await runAll(target.rollback);
    expect(await bench.ran()).toHaveLength(1);
    expect(await target.status()).toMatchObject({ sha: null, health: 'unknown' });
  },
);

test('what no program can undo is for a person', async () => {
  await using bench = await open();
  const target = targetOf(bench, { plan: withFile, apply: 'process.exit(1)' });
  await target.plan(signal);
  await runAll(target.rollback);
  await expect(runAll(target.steps)).rejects.toMatchObject({ reason: 'apply_failed' });
  await expect(runAll(target.rollback)).rejects.toMatchObject({
    reason: 'no_backup',
    message: expect.stringContaining('a person must'),
  });
});

test('a rollback program that goes to what was before needs something before', async () => {
  await using bench = await open();
  await bench.commit('b', { 'infra/main.tf': '# more' });
  const scripts = {
    plan: withFile,
    apply: '',
    rollback: [note(bench.folder), '{previous_sha}', '{previous_release}'],
  };
  const first = targetOf(bench, scripts);
  await first.plan(signal);
  await runAll(first.steps);
  await expect(runAll(first.rollback)).rejects.toMatchObject({ reason: 'no_backup' });
  const second = targetOf(bench, scripts, {}, { sha: shaOf('b'), deployment: 2 });
  await second.plan(signal);
  await runAll(second.steps);
  await runAll(second.rollback);
  const [sha, tree] = (await bench.ran())[0]!.split(' ');
  expect(sha).toBe(shaOf('a'));
  expect(await readFile(join(tree!, 'infra/main.tf'), 'utf8')).toBe('# nothing');
  await expect(runAll(first.rollback)).rejects.toMatchObject({ reason: 'no_backup' });
});

test('a secret of the host reaches programs, and neither a log nor a failure', async () => {
  await using bench = await open();
  await mkdir(join(bench.folder, 'env'));
  await writeFile(join(bench.folder, 'env', 'a.env'), 'TOKEN=hunter2hunter2\n');
  const tell = `console.log(process.env.TOKEN); console.error('token ' + process.env.TOKEN)`;
  const outputs = `console.log(JSON.stringify({ url: 'https://' + process.env.TOKEN, ok: 'yes', made: { sensitive: true, value: 'fresh-secret' } }))`;
  const said: string[] = [];
  const target = targetOf(
    bench,
    { plan: withFile, apply: tell, outputs, rollback: `${tell}; process.exit(1)` },
    { env: { secret: ['TOKEN'] } },
    { progress: (line) => void said.push(line) },
  );
  await target.plan(signal);
  await runAll(target.steps);
  expect(await target.outputs!()).toEqual({ ok: 'yes' });
  // What a program prints is followed as it comes; an answer to read is not.
  const told = said.filter((line) => line.startsWith('| ')).toSorted();
  expect(told).toEqual(['| [redacted]', '| token [redacted]']);
  const failure = await runAll(target.rollback).catch((error: unknown) => error);
  expect(failure).toMatchObject({ details: ['[redacted]', 'token [redacted]'] });
  for (const path of await readdir(join(bench.folder, 'state'), { recursive: true })) {
    const text = await readFile(join(bench.folder, 'state', path), 'utf8').catch(() => '');
    expect(text, path).not.toMatch(/hunter2|fresh-secret/);
  }
});

test('cancelled in the middle, a program ends with all that it started', async () => {
  await using bench = await open();
  const apply = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    require('node:fs').writeFileSync(${JSON.stringify(join(bench.folder, 'pid'))}, String(child.pid));
    setInterval(() => {}, 1000)`;
  const target = targetOf(bench, { plan: withFile, apply });
  await target.plan(signal);
  const cancel = new AbortController();
  const run = runAll(target.steps, cancel.signal);
  const pid = await waitForFile(join(bench.folder, 'pid'));
  cancel.abort(new Error('cancelled'));
  await expect(run).rejects.toThrow('cancelled');
  expect(isAlive(Number(pid))).toBe(false);
});

test('what is left of old plans and logs goes', async () => {
  await using bench = await open();
  for (let deployment = 1; deployment <= 3; deployment += 1) {
    const target = targetOf(bench, { plan: withFile, apply: '' }, {}, { deployment });
    await target.plan(signal);
    await target.plan(signal, true);
    await target.plan(signal);
    if (deployment > 1) await runAll([...target.steps, ...target.settle]);
  }
  expect(await readdir(join(bench.folder, 'state/plans-command/production.topics'))).toEqual(['3']);
});

async function waitForFile(path: string): Promise<string> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text !== '') return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
