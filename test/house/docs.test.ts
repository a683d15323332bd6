import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
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

const pages = globSync([
  '*.md',
  'docs/*.md',
  'docs/*/*.md',
  'docs/examples/*/README.md',
  'bench/README.md',
]).toSorted((a, b) => a.localeCompare(b));

test.each(pages.filter((path) => path.startsWith('docs/')))('the README leads to %s', (path) => {
  expect(readFileSync('README.md', 'utf8')).toContain(`](${path}`);
});

test.each(pages)('links in %s lead somewhere', (path) => {
  const links = [...readFileSync(path, 'utf8').matchAll(/\]\((?!https?:)([^)\s]+)\)/g)];
  const broken = links
    .map(([, link = '']) => link)
    .filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).has(anchor);
    });
  expect(broken).toEqual([]);
});

test.each(pages.filter((path) => path.startsWith('docs/') || path === 'ARCHITECTURE.md'))(
  'files that %s names are there',
  (path) => {
    const named = [...readFileSync(path, 'utf8').matchAll(/`((?:src|action|scripts)\/[\w./-]+)`/g)];
    expect(named.map(([, file = '']) => file).filter((file) => !existsSync(file))).toEqual([]);
  },
);

/** As GitHub makes them of headings. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
