import { expect, test } from 'vitest';
import { findSwitch, type SwitchAsk } from '../../src/deploy/find-switch.ts';
import { after, type Past } from './staged-log.ts';

const hints = { nothing: '/deploy production --stage', other: 'another' };
const live: Past = { sha: 'a', ends: { web: 'done' } };
const staged: Past = { sha: 'b', ends: { web: 'staged' } };
const switched: Past = {
  operation: 'switch',
  sha: 'b',
  ends: { web: 'done' },
  flags: { from: '2' },
};
const two: Past = { sha: 'a', ends: { web: 'done', api: 'done', map: 'done' } };
const twoStaged: Past = { sha: 'b', ends: { web: 'staged', api: 'staged', map: 'done' } };
const webAlone: Past = {
  operation: 'switch',
  sha: 'b',
  ends: { web: 'done' },
  flags: { from: '2', only: 'web' },
};

/** `b web,api forward whole`: where it goes, with what. */
async function goal(pasts: readonly Past[], target: string | null, to: string | null) {
  const ask: SwitchAsk = { target, to };
  const found = findSwitch('production', await after(pasts), ask, hints);
  const { view, targets, isStaged, isWhole } = found;
  const way = isStaged ? 'forward' : 'back';
  return `${view.job.sha[0]} ${targets.join(',')} ${way} ${isWhole ? 'whole' : 'part'}`;
}

test.each<readonly [string, readonly Past[], string | null, string | null, string]>([
  ['to what is staged', [live, staged], null, null, 'b web forward whole'],
  ['to what is staged of the target', [live, staged], 'web', null, 'b web forward whole'],
  ['to what is staged by its commit', [live, staged], 'web', 'bbbbbbb', 'b web forward whole'],
  ['to what is staged by its number', [live, staged], null, '2', 'b web forward whole'],
  ['back to what had the traffic before', [live, staged, switched], null, null, 'a web back whole'],
  [
    'there and back',
    [live, staged, switched, { operation: 'switch', sha: 'a', ends: { web: 'done' } }],
    'web',
    null,
    'b web back whole',
  ],
  [
    'to a commit, though another one is staged',
    [{ sha: 'd', ends: { web: 'done' } }, live, staged],
    'web',
    '@ddddddd',
    'd web back whole',
  ],
  ['to a word that is no target', [live, staged, switched], 'on-a', null, 'a web back whole'],
  ['with all that is staged', [two, twoStaged], null, null, 'b web,api forward whole'],
  [
    'with all that is staged by its commit',
    [two, twoStaged],
    null,
    '@bbbbbbb',
    'b web,api forward whole',
  ],
  ['with one of two that are staged', [two, twoStaged], 'web', null, 'b web forward part'],
  ['with the one that is left', [two, twoStaged, webAlone], null, null, 'b api forward whole'],
  [
    'with one of several targets, back',
    [two, { ...two, sha: 'b' }],
    'web',
    null,
    'a web back part',
  ],
  [
    'in part, where the files went on',
    [
      two,
      { sha: 'b', ends: { web: 'staged', map: 'done' } },
      { sha: 'c', ends: { map: 'done' }, flags: { only: 'map' } },
    ],
    null,
    null,
    'b web forward part',
  ],
  [
    'in part, where only a part was staged',
    [two, { ...staged, flags: { only: 'web' } }],
    null,
    null,
    'b web forward part',
  ],
])('it goes %s', async (_name, pasts, target, to, expected) => {
  expect(await goal(pasts, target, to)).toBe(expected);
});

test.each<readonly [string, readonly Past[], string | null, string | null, string, string]>([
  ['nothing was deployed', [], null, null, 'nothing_to_switch_to', '/deploy production'],
  ['nothing is staged or warm', [live], null, null, 'nothing_to_switch_to', hints.nothing],
  ['the commit never came', [live, staged], null, 'ccccccc', 'not_completed_here', hints.other],
  [
    'the commit failed',
    [live, { sha: 'b', ends: { web: 'rolled-back' } }],
    'web',
    'bbbbbbb',
    'not_completed_here',
    hints.other,
  ],
  [
    'it was staged, and something else came since',
    [live, staged, { sha: 'c', ends: { web: 'done' } }],
    'web',
    'bbbbbbb',
    'not_completed_here',
    hints.other,
  ],
  [
    'there are several services',
    [two, { ...two, sha: 'b' }],
    null,
    null,
    'target_missing',
    'Name one: /switch production web',
  ],
  [
    'files have no slots',
    [two, twoStaged],
    'map',
    null,
    'no_slots',
    '/deploy production --only map',
  ],
  ['there is no such target', [two, twoStaged], 'wep', 'b', 'target_unknown', 'Did you mean web?'],
  [
    'another one is under way',
    [live, { sha: 'b', ends: { web: 'applying' } }],
    null,
    null,
    'deployment_running',
    '/status production',
  ],
  [
    'it is on its way',
    [live, staged, { ...switched, ends: { web: 'open' } }],
    null,
    null,
    'deployment_running',
    '/status production',
  ],
  [
    'different commits are staged',
    [
      two,
      { ...staged, flags: { only: 'web' } },
      { sha: 'c', ends: { api: 'staged' }, flags: { only: 'api' } },
    ],
    null,
    null,
    'target_missing',
    'Name the target: /switch production api',
  ],
])('it says so where %s', async (_name, pasts, target, to, code, hint) => {
  const view = await after(pasts);
  const find = () => findSwitch('production', view, { target, to }, hints);
  expect(find).toThrow(expect.objectContaining({ code, hint }));
});
