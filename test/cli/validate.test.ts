import { expect, test } from 'vitest';
import { run } from '../../src/cli/validate.ts';
import { web } from '../config/samples.ts';
import { fakeWorld } from './fake-world.ts';

const file = '.github/sallyport.yml';
const valid = `version: 1\ntargets:\n${web}environments: { a: {}, b: {} }\n`;

async function validate(
  content: string | Uint8Array,
  args: { words?: string[]; options?: Record<string, true>; json?: boolean } = {},
) {
  const { world, written } = fakeWorld({ [args.words?.[0] ?? file]: content });
  const exit = await run({ words: [], options: {}, json: false, ...args }, world);
  return { exit, ...written };
}

test('says what a valid file holds', async () => {
  expect(await validate(valid)).toEqual({
    exit: 0,
    stdout: `${file} is valid: 1 target, 2 environments, 0 agents\n`,
    stderr: '',
  });
  const { stdout } = await validate(valid, { json: true });
  expect(JSON.parse(stdout)).toEqual({
    schema: 1,
    ok: true,
    file,
    kind: 'repository',
    targets: 1,
    environments: 2,
    agents: 0,
  });
});

test('shows each problem with its line and a caret', async () => {
  const { exit, stdout, stderr } = await validate('version: 1\ntargets: { web: { kind: file } }\n');
  expect([exit, stdout]).toEqual([2, '']);
  expect(stderr).toBe(
    [
      `${file}:2:25: \`targets.web.kind\` is "file"; supported: service, files, command. Did you mean \`files\`?`,
      '    2 | targets: { web: { kind: file } }',
      `      | ${' '.repeat(24)}^`,
      `${file} has 1 problem`,
      '',
    ].join('\n'),
  );
});

test('gives scripts every problem', async () => {
  const { exit, stdout } = await validate('versoin: 1\n', { json: true });
  expect(exit).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 1,
    ok: false,
    error: { code: 'config_invalid', message: `${file} has 2 problems.` },
    problems: [{ line: 1 }, { line: 1, column: 1, did_you_mean: 'version' }],
  });
});

test('knows the configuration of a host by what it holds, or is told', async () => {
  const words = ['x.yml'];
  expect((await validate('source: {}\ntrust: {}\n', { words })).stderr).toContain(
    '`name` is missing',
  );
  expect((await validate('version: 1\n', { words })).exit).toBe(0);
  expect((await validate('version: 1\n', { words, options: { agent: true } })).exit).toBe(2);
});

test('a file does not speak to the terminal itself', async () => {
  const { stderr } = await validate('version: "\u001b[2Jx"\n');
  expect(stderr).not.toContain('\u001b');
});

test('shows the place in a very long line', async () => {
  const { stderr } = await validate(`version: ${'"x", '.repeat(10_000)}`);
  expect(stderr.length).toBeLessThan(2_000);
});

test('refuses what is no text, and what is not there', async () => {
  await expect(validate(Uint8Array.of(0xff, 0xfe, 0x00))).rejects.toMatchObject({
    code: 'config_invalid',
    exit: 2,
  });
  const { world } = fakeWorld();
  const args = { words: ['none.yml'], options: {}, json: false };
  await expect(run(args, world)).rejects.toMatchObject({ code: 'file_not_found', exit: 4 });
});
