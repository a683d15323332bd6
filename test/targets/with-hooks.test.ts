import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Hooks } from '../../src/config/hooks.ts';
import type { TargetContext } from '../../src/targets/context.ts';
import { createTarget } from '../../src/targets/registry.ts';
import type { Step, StepPhase, Target } from '../../src/targets/target.ts';
import { withHooks } from '../../src/targets/with-hooks.ts';
import { FilesBench } from '../support/files-bench.ts';
import { configOf, contextOf } from '../support/service-bench.ts';

const { signal } = new AbortController();

/** Writes a line with what it was told into the file that its first word names. */
const program = `
  const { appendFileSync } = require('node:fs');
  const { SALLYPORT_TARGET, SALLYPORT_PARAM_SIZE, SALLYPORT_VERSION, SALLYPORT_URL, TOKEN, DATABASE } = process.env;
  const [file, word] = process.argv.slice(2);
  const facts = [word, SALLYPORT_TARGET, SALLYPORT_VERSION, SALLYPORT_PARAM_SIZE, TOKEN, DATABASE, SALLYPORT_URL];
  appendFileSync(file, facts.filter(Boolean).join(' ') + '\\n');
  console.log('the secret is ' + DATABASE);
  if (word === 'fails') process.exit(3);
  if (word === 'hangs') setInterval(() => {}, 1000);
`;

/** A service with hooks, around a kind that does nothing; its files are those of a real commit. */
async function hooked(hooks: object, change: Partial<TargetContext> = {}) {
  const bench = await FilesBench.open();
  await bench.commit('a', {}, { 'hook.js': program, VERSION: '1.2.3\n' });
  await mkdir(join(bench.folder, 'env'));
  await writeFile(join(bench.folder, 'env', 'app.env'), 'DATABASE=postgres://secret\n');
  const env = { clear: { TOKEN: 'clear' }, secret: ['DATABASE'] };
  const config = configOf({ hooks: Hooks.parse(hooks), env });
  const { context, said } = contextOf(bench.folder, { config, params: { size: 'large' } });
  const told = { ...context, ...change };
  return {
    bench,
    said,
    target: withHooks(idleTarget(change), told),
    lines: () => readFile(join(bench.folder, 'told'), 'utf8').catch(() => ''),
    log: (name: string) =>
      readFile(join(bench.folder, 'state/logs', `staging.web.hook-${name}.log`), 'utf8'),
    isClear: () => !existsSync(join(bench.folder, 'state/hooks/staging.web', context.sha)),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

function idleTarget({ stage = false }: Partial<TargetContext>): Target {
  const step = (phase: StepPhase): Step => ({ name: phase, phase, run: async () => undefined });
  return {
    plan: () => Promise.reject(new Error('nobody plans here')),
    steps: [step('planning'), step('backing-up'), step('applying'), step('verifying')],
    rollback: [step('rolling-back')],
    settle: [step('settling')],
    stopsAt: stage ? 'staged' : undefined,
    status: () =>
      Promise.resolve({
        name: 'web',
        kind: 'service',
        health: 'healthy',
        slot: null,
        version: null,
        sha: null,
        url: 'http://127.0.0.1:1',
      }),
  };
}

const tell = (word: string) => [process.execPath, 'hook.js', '{release}/../../../../../told', word];
const all = { before: tell('before'), after: tell('after'), on_failure: tell('failure') };
const names = (steps: readonly Step[]) => steps.map(({ name }) => name).join(' ');

test.each<[string, object, Partial<TargetContext>, string, string]>([
  [
    'before all that changes something, after all that verifies, and last of all on the way back',
    all,
    {},
    'planning backing-up hook-before applying verifying hook-after',
    'rolling-back hook-on-failure clear-hooks',
  ],
  [
    'only those that there are',
    { after: ['true'] },
    {},
    'planning backing-up applying verifying hook-after',
    'rolling-back clear-hooks',
  ],
  [
    'what is only staged is not in force yet',
    all,
    { stage: true },
    'planning backing-up hook-before applying verifying',
    'rolling-back hook-on-failure clear-hooks',
  ],
  [
    'what is switched to has been prepared for',
    all,
    { operation: 'switch' },
    'planning backing-up applying verifying hook-after',
    'rolling-back hook-on-failure clear-hooks',
  ],
])('hooks run %s', async (_name, hooks, change, forward, back) => {
  const scene = await hooked(hooks, change);
  expect(names(scene.target.steps)).toBe(forward);
  expect(names(scene.target.rollback)).toBe(back);
  await scene[Symbol.asyncDispose]();
});

test('a target without hooks is left as it is', () => {
  const { context } = contextOf('/nowhere');
  const target = idleTarget({});
  expect(withHooks(target, context)).toBe(target);
});

test('they are programs of the commit, told what other programs are told; secrets stay out of the log', async () => {
  const scene = await hooked(all);
  await runAll(scene.target.steps);
  expect(await scene.lines()).toBe(
    'before web 1.2.3 large clear postgres://secret\nafter web 1.2.3 large clear postgres://secret http://127.0.0.1:1\n',
  );
  expect(await scene.log('before')).toBe('the secret is [redacted]\n');
  expect(scene.isClear()).toBe(false);
  await runAll(scene.target.settle);
  expect(scene.isClear()).toBe(true);
  await scene[Symbol.asyncDispose]();
});

test.each([
  ['before', 'fails', 'ended with 3'],
  ['after', 'fails', 'ended with 3'],
  ['before', 'hangs', 'did not end within 1 s'],
])('where %s %s, the unit fails', async (name, word, how) => {
  const scene = await hooked({ [name]: tell(word), timeout: '1s' });
  await expect(runAll(scene.target.steps)).rejects.toMatchObject({
    reason: 'hook_failed',
    message: expect.stringContaining(how) as string,
    mayPass: false,
  });
  await scene[Symbol.asyncDispose]();
});

test('what goes wrong in on_failure is only told', async () => {
  const scene = await hooked({ on_failure: tell('fails') });
  await runAll(scene.target.rollback);
  expect(scene.said.join('\n')).toContain('hook on_failure');
  expect(scene.said.join('\n')).toContain('ended with 3');
  expect(scene.isClear()).toBe(true);
  await scene[Symbol.asyncDispose]();
});

test('a program that is not there fails the hook, and not Sallyport', async () => {
  const scene = await hooked({ before: ['./none'] });
  await expect(runAll(scene.target.steps)).rejects.toMatchObject({ reason: 'hook_failed' });
  await scene[Symbol.asyncDispose]();
});

test('one that was cut off is run again, in whole files', async () => {
  const scene = await hooked({ before: tell('before') });
  const before = scene.target.steps.find(({ name }) => name === 'hook-before')!;
  const cut = new AbortController();
  const first = before.run(cut.signal);
  cut.abort(new Error('killed'));
  await expect(first).rejects.toThrow('killed');
  await before.run(signal);
  expect(await scene.lines()).toContain('before web');
  await scene[Symbol.asyncDispose]();
});

test('a kind without programs of its own has hooks too: files', async () => {
  const bench = await FilesBench.open();
  await bench.commit('a', { 'map.yaml': 'one' }, { 'hook.js': program });
  const hooks = Hooks.parse({ ...all, on_failure: undefined });
  const context = bench.context('a', 1, {}, {});
  const target = createTarget({ ...context, config: { ...context.config, hooks } });
  await runAll([...target.steps, ...target.settle]);
  const told = await readFile(join(bench.folder, 'told'), 'utf8');
  expect(told).toBe('before map aaaaaaa\nafter map aaaaaaa\n');
  expect(await readFile(join(bench.destination, 'map.yaml'), 'utf8')).toBe('one');
  await bench[Symbol.asyncDispose]();
});

async function runAll(steps: readonly Step[]): Promise<void> {
  for (const step of steps) await step.run(signal);
}
