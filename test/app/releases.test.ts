import { expect, test } from 'vitest';
import { newestReleases } from '../../src/app/releases.ts';
import { releasesMarkdown, releasesText } from '../../src/report/releases.ts';
import { appBench } from './app-bench.ts';
import { base, head, old } from './memory-github.ts';

test('tags that look like a release are told with author, checks and where they are live', async () => {
  const bench = appBench((known) => {
    const tag = (name: string, sha: string) => ({ kind: 'tag', name, sha }) as const;
    known.refs.push(tag('v9', base), tag('v10', head), tag('nightly', old), tag('26.03.09.1', old));
    known.refs.push(tag('26.03.09.2', base));
    known.files[`VERSION@${old}`] = '26.03.09.1\n';
    const author = { id: 8, login: 'ada' };
    known.facts = {
      [base]: { tree: base, author, subject: '', authorName: 'Ada' },
      [head]: { tree: base, author: null, subject: '', authorName: 'Bob | @all' },
    };
  });
  const release = { commit: base, author: 'ada', checks: 'none', live: [] };
  const found = await newestReleases(20, [], bench.world);
  expect(found).toEqual([
    { ...release, name: '26.03.09.1', commit: old, author: '' },
    { ...release, name: 'v10', commit: head, author: 'Bob | @all' },
    { ...release, name: 'v9' },
  ]);
  expect(releasesText({ schema: 1, ok: true, releases: found }, 80)).toContain('v10');
  expect(releasesMarkdown(found)).not.toContain('@all');
});
