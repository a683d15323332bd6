import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { buildAction } from '../../scripts/build-action.ts';

const maxBytes = 1_000_000;
const Action = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), required: z.boolean() })),
  outputs: z.record(z.string(), z.object({ description: z.string() })),
  runs: z.object({ using: z.literal('node24'), main: z.literal('dist/index.js') }),
});

test('the bundle is one file of at most 1 MB, the same bytes wherever it is built', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sp-bundle-'));
  try {
    await buildAction(folder);
    const built = await readFile(join(folder, 'index.js'));
    expect(built.equals(await readFile('action/dist/index.js'))).toBe(true);
    expect(built.length).toBeLessThanOrEqual(maxBytes);
    expect(built.toString()).not.toContain(process.cwd());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the inputs and outputs that are described are those that are read and given, and stand in the docs', async () => {
  const action = Action.parse(parse(await readFile('action/action.yml', 'utf8')));
  const inputs = await readFile('action/inputs.ts', 'utf8');
  const [, listed = ''] = /const names = \[([^\]]+)\]/.exec(inputs)!;
  expect(Object.keys(action.inputs)).toEqual([...listed.matchAll(/'([^']+)'/g)].map(([, x]) => x));
  const step = await readFile('action/step.ts', 'utf8');
  const [, given = ''] = /type OutputName =([^;]+);/.exec(step)!;
  const outputs = [...given.matchAll(/'([^']+)'/g)].map(([, name]) => name);
  expect(new Set(Object.keys(action.outputs))).toEqual(new Set([...outputs, 'exit-code']));
  const docs = await readFile('docs/action.md', 'utf8');
  const names = [...Object.keys(action.inputs), ...Object.keys(action.outputs)];
  expect(names.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
});
