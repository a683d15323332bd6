import { expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { Args, Verb } from '../../src/cli/verb.ts';
import { version } from '../../src/cli/version.ts';
import { SallyportError, exitCodes } from '../../src/model/errors.ts';
import { fakeWorld } from './fake-world.ts';

function verb(name: string, more: Partial<Verb> = {}): Verb {
  return {
    name,
    summary: `Does ${name}`,
    usage: '<env> [file]',
    options: [
      { flags: '--token-file <path>', summary: 'a token' },
      { flags: '--once', summary: 'end' },
    ],
    examples: [`sallyport ${name} production`],
    load: async () => ({
      run: async (args, world) => {
        world.stdout.write(JSON.stringify(args));
        return exitCodes.done;
      },
    }),
    ...more,
  };
}

function throwing(error: unknown): Pick<Verb, 'load'> {
  return { load: async () => ({ run: () => Promise.reject(error as Error) }) };
}

const refused = new SallyportError({
  code: 'frozen',
  message: 'production is frozen.',
  hint: 'sallyport gates production',
  exit: exitCodes.refused,
});
const verbs = [
  verb('deploy'),
  verb('agent run'),
  verb('app', { usage: '' }),
  verb('app keygen', { usage: '' }),
  verb('refuse', throwing(refused)),
  verb('break', throwing(new TypeError('x is undefined'))),
];

async function run(line: string, isTTY = false) {
  const { world, written } = fakeWorld({}, isTTY);
  const exit = await runProgram(line.split(' ').filter(Boolean), verbs, world);
  return { exit, ...written };
}

async function argsOf(line: string): Promise<Args> {
  const { stdout, exit } = await run(line);
  expect(exit).toBe(0);
  return JSON.parse(stdout) as Args;
}

test('a verb gets its words and its options as they are typed', async () => {
  expect(await argsOf('deploy production --token-file /t --once')).toEqual({
    words: ['production'],
    options: { 'token-file': '/t', once: true },
    json: false,
  });
  expect(await argsOf('agent run --json production x')).toEqual({
    words: ['production', 'x'],
    options: {},
    json: true,
  });
});

test('a word may be a verb and have verbs below it', async () => {
  expect((await argsOf('app')).words).toEqual([]);
  expect((await argsOf('app keygen')).words).toEqual([]);
  expect((await argsOf('app keygen --json --once')).json).toBe(true);
});

test.each(['', '--help'])('`sallyport %s` shows every verb', async (line) => {
  const { stdout, exit } = await run(line);
  expect(exit).toBe(0);
  for (const word of ['deploy', 'agent', 'app', 'Does deploy']) expect(stdout).toContain(word);
});

test('the help of a verb shows its usage, its options and its examples', async () => {
  const { stdout, exit } = await run('agent run --help');
  expect(exit).toBe(0);
  expect(stdout).toContain('Usage: sallyport agent run [options] <env> [file]');
  for (const part of [
    '--token-file <path>',
    '--json',
    '--help',
    'sallyport agent run production',
  ]) {
    expect(stdout).toContain(part);
  }
  expect((await run('agent')).stdout).toContain('Does agent run');
});

test('tells its version', async () => {
  expect(await run('--version')).toMatchObject({ exit: 0, stdout: `${version}\n` });
});

test.each([
  [
    'deplyo production',
    'There is no verb `deplyo`. Did you mean `deploy`?',
    'sallyport deploy --help',
  ],
  [
    'agent rnu',
    'There is no verb `agent rnu`. Did you mean `agent run`?',
    'sallyport agent run --help',
  ],
  ['frobnicate', 'There is no verb `frobnicate`.', 'sallyport --help'],
  ['deploy', "Missing required argument 'env'.", 'sallyport deploy --help'],
  [
    'deploy a b c',
    "Too many arguments for 'deploy'. Expected 2 arguments but got 3: a, b, c.",
    'sallyport deploy --help',
  ],
  ['deploy a --onec', "Unknown option '--onec' (Did you mean --once?)", 'sallyport deploy --help'],
  [
    'deploy a --token-file',
    "Option '--token-file <path>' argument missing.",
    'sallyport deploy --help',
  ],
  [
    'app keygn',
    "Too many arguments for 'app'. Expected 0 arguments but got 1: keygn.",
    'sallyport app --help',
  ],
  ['--verson', 'The option is not known.', 'sallyport --help'],
])('`sallyport %s` is a mistake', async (line, message, hint) => {
  expect(await run(line)).toEqual({
    exit: 2,
    stdout: '',
    stderr: `error: ${message}\nnext:  ${hint}\n`,
  });
});

test('an error is told on standard error, and with --json as the one document', async () => {
  expect(await run('refuse production')).toEqual({
    exit: 3,
    stdout: '',
    stderr: 'error: production is frozen.\nnext:  sallyport gates production\n',
  });
  const { exit, stdout, stderr } = await run('refuse production --json');
  expect([exit, stderr]).toEqual([3, '']);
  expect(JSON.parse(stdout)).toEqual({
    schema: 1,
    ok: false,
    error: {
      code: 'frozen',
      message: 'production is frozen.',
      hint: 'sallyport gates production',
    },
  });
  const usage = await run('deploy --json');
  expect(usage.exit).toBe(2);
  expect(JSON.parse(usage.stdout)).toMatchObject({ ok: false, error: { code: 'usage' } });
});

test('what nobody expected is our own fault, with its trace', async () => {
  const { exit, stderr } = await run('break production');
  expect(exit).toBe(1);
  expect(stderr).toContain('error: x is undefined');
  expect(stderr).toContain('program.test.ts');
});

test('there are colours on a terminal only, and none where NO_COLOR says so', async () => {
  expect((await run('refuse x', true)).stderr).toContain('\u001b[31m');
  const { world, written } = fakeWorld({}, true);
  const plain = { ...world, env: { NO_COLOR: '1' } };
  await runProgram(['refuse', 'x'], verbs, plain);
  await runProgram(['--help'], verbs, plain);
  expect(written.stderr + written.stdout).not.toContain('\u001b');
});

test('an option that a verb and the one above it share belongs to the word before it', async () => {
  expect(await argsOf('app keygen --json')).toMatchObject({ json: true });
  expect(await argsOf('app --json')).toMatchObject({ json: true });
});
