import type { Verb } from './verb.ts';
import { askingOptions } from './verbs-operating.ts';

/** What people look at on a host. */
export const lookingVerbs: readonly Verb[] = [
  {
    name: 'status',
    summary: 'Show where the environments of this host stand',
    usage: '[env]',
    options: [{ flags: '--watch', summary: 'show it again when it changes' }, ...askingOptions],
    examples: [
      'sallyport status',
      'sallyport status production --watch',
      'sallyport status --json',
    ],
    load: () => import('./status.ts'),
  },
  {
    name: 'gates',
    summary: 'Show every gate of an environment with its answer',
    usage: '<env>',
    options: [
      { flags: '--at <time>', summary: 'as if it were then: 2026-12-24T18:00:00Z (now)' },
      { flags: '--ref <ref>', summary: 'for this branch, tag or commit' },
      ...askingOptions,
    ],
    examples: [
      'sallyport gates production',
      'sallyport gates production --at 2026-12-24T18:00:00Z --json',
    ],
    load: () => import('./gates.ts'),
  },
  {
    name: 'releases',
    summary: 'Show the tags that look like a release, and where they are live',
    usage: '',
    options: askingOptions,
    examples: ['sallyport releases', 'sallyport releases --json'],
    load: () => import('./releases.ts'),
  },
  {
    name: 'history',
    summary: 'Show the deployments of an environment',
    usage: '<env>',
    options: askingOptions,
    examples: ['sallyport history production', 'sallyport history production --json'],
    load: () => import('./history.ts'),
  },
  {
    name: 'history verify',
    summary: 'Check that nobody changed what this host wrote down',
    usage: '',
    options: [
      { flags: '--state <dir>', summary: 'the state folder of the agent' },
      { flags: '--config <file>', summary: 'the agent.yml that names it' },
    ],
    examples: [
      'sallyport history verify',
      'sallyport history verify --state /var/lib/sallyport --json',
    ],
    load: () => import('./history-verify.ts'),
  },
  {
    name: 'logs',
    summary: 'Show what a deployment did on this host',
    usage: '<id>',
    options: [{ flags: '--follow', summary: 'go on until it is over' }, ...askingOptions],
    examples: ['sallyport logs 42', 'sallyport logs 42 --follow'],
    load: () => import('./logs.ts'),
  },
];
