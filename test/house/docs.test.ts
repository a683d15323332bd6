import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAgentConfig, parseRepositoryConfig } from '../../src/config/parse.ts';
import { generateSigningKey } from '../../src/model/keys.ts';

const key = generateSigningKey().public.text;

/** Whole configurations that the pages show, with a key where they leave one out. */
const examples = globSync(['docs/*.md', 'docs/recipes/*.md', 'README.md']).flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => ({
    path,
    text: text.replaceAll('ed25519:…', key),
  })),
);

test.each(examples.filter(({ text }) => text.startsWith('version: 1')))(
  'a configuration in $path is valid',
  ({ path, text }) => {
    expect(parseRepositoryConfig(text, path)).toMatchObject({ ok: true });
  },
);

test.each(examples.filter(({ text }) => text.startsWith('name: ')))(
  'an agent.yml in $path is valid',
  ({ path, text }) => {
    expect(parseAgentConfig(text, path)).toMatchObject({ ok: true });
  },
);
