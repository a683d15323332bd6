import type { Verb } from './verb.ts';

/** Of verbs that ask the agent on this host. */
export const askingOptions = [
  { flags: '--socket <path>', summary: 'the socket of the agent to ask' },
  { flags: '--config <file>', summary: 'the agent.yml of the agent to ask' },
] as const;

const waitOptions = [
  { flags: '--wait', summary: 'stay until it is over' },
  { flags: '--timeout <duration>', summary: 'stay no longer than this (30m)' },
] as const;
const paramOption = {
  flags: '--param <name=value>',
  summary: 'a parameter that a target declares; may be given again',
  repeats: true,
} as const;
const forceOption = {
  flags: '--force-quarantined',
  summary: 'though this commit failed here',
} as const;
const reasonOption = { flags: '--reason <text>', summary: 'why, for the history' } as const;

/** What people do on a host, through its agent. */
export const operatingVerbs: readonly Verb[] = [
  {
    name: 'plan',
    summary: 'Show what a deployment would change',
    usage: '<env>',
    options: [
      { flags: '--ref <ref>', summary: 'a branch, a tag or a commit (the head of the branch)' },
      paramOption,
      { flags: '--exit-code', summary: 'exit with 2 where there are changes, with 0 where none' },
      { flags: '--timeout <duration>', summary: 'wait no longer than this (5m)' },
      ...askingOptions,
    ],
    examples: [
      'sallyport plan production',
      'sallyport plan production --ref v1.4.0 --exit-code',
      'sallyport plan production --json',
    ],
    load: () => import('./plan.ts'),
  },
  {
    name: 'sync',
    summary: 'Make an environment match the head of the branch',
    usage: '<env>',
    options: [...waitOptions, ...askingOptions],
    examples: ['sallyport sync staging', 'sallyport sync staging --wait'],
    load: () => import('./sync.ts'),
  },
  {
    name: 'deploy',
    summary: 'Make an environment match a commit',
    usage: '<env>',
    options: [
      { flags: '--ref <ref>', summary: 'a branch, a tag or a commit (the head of the branch)' },
      paramOption,
      { flags: '--stage', summary: 'stop with services healthy in their idle slots; see switch' },
      ...waitOptions,
      reasonOption,
      forceOption,
      ...askingOptions,
    ],
    examples: [
      'sallyport deploy production --ref v1.4.0 --wait',
      'sallyport deploy production --ref 4f9c2ab --reason "the new map"',
      'sallyport deploy staging --param replicas=3 --param size=big',
    ],
    load: () => import('./deploy.ts'),
  },
  {
    name: 'approve',
    summary: 'Approve the plan of a deployment',
    usage: '<id> [digest]',
    options: askingOptions,
    examples: ['sallyport approve 42', 'sallyport approve 42 9f86d081'],
    load: () => import('./approve.ts'),
  },
  {
    name: 'reject',
    summary: 'Refuse a deployment that waits',
    usage: '<id>',
    options: [reasonOption, ...askingOptions],
    examples: ['sallyport reject 42 --reason "not before the holidays"'],
    load: () => import('./reject.ts'),
  },
  {
    name: 'rollback',
    summary: 'Go back to a commit that completed here',
    usage: '<env>',
    options: [
      {
        flags: '--to <commit>',
        summary: 'a commit, or the number of a deployment (the one before)',
      },
      ...waitOptions,
      reasonOption,
      ...askingOptions,
    ],
    examples: [
      'sallyport rollback production --wait',
      'sallyport rollback production --to 41 --reason "tiles are missing"',
    ],
    load: () => import('./rollback.ts'),
  },
  {
    name: 'switch',
    summary: 'Move the traffic to what is staged, or back to what had it before',
    usage: '<env> [target]',
    options: [
      {
        flags: '--to <commit>',
        summary: 'a commit that is staged or completed here, or the number of a deployment',
      },
      ...waitOptions,
      reasonOption,
      forceOption,
      ...askingOptions,
    ],
    examples: [
      'sallyport switch production --wait',
      'sallyport switch production web --to 41 --reason "tiles are missing"',
    ],
    load: () => import('./switch.ts'),
  },
  {
    name: 'cancel',
    summary: 'Take back a deployment that has not begun',
    usage: '<id>',
    options: [reasonOption, ...askingOptions],
    examples: ['sallyport cancel 42'],
    load: () => import('./cancel.ts'),
  },
  {
    name: 'pause',
    summary: 'Let nothing change by itself for a time',
    usage: '<env>',
    options: [
      { flags: '--for <duration>', summary: 'how long; it ends by itself (1h)' },
      reasonOption,
      ...askingOptions,
    ],
    examples: ['sallyport pause production --for 2h --reason "an incident"'],
    load: () => import('./pause.ts'),
  },
  {
    name: 'resume',
    summary: 'Let an environment change by itself again',
    usage: '<env>',
    options: [reasonOption, ...askingOptions],
    examples: ['sallyport resume production'],
    load: () => import('./resume.ts'),
  },
  {
    name: 'maintenance',
    summary: 'Tell people a text instead of answers, until it is over',
    usage: '<env> [target]',
    options: [
      { flags: '--on', summary: 'from now on, over restarts and deployments' },
      { flags: '--off', summary: 'it is over' },
      { flags: '--message <text>', summary: 'what people are told' },
      ...askingOptions,
    ],
    examples: [
      'sallyport maintenance production --on --message "Back at 18:00."',
      'sallyport maintenance production web --off',
    ],
    load: () => import('./maintenance.ts'),
  },
  {
    name: 'hold',
    summary: 'Let new requests wait, until they are let go',
    usage: '<env> [target]',
    options: [
      { flags: '--for <duration>', summary: 'each so long at the most, then 503 (30s)' },
      { flags: '--off', summary: 'let them go on' },
      ...askingOptions,
    ],
    examples: ['sallyport hold production --for 20s', 'sallyport hold production web --off'],
    load: () => import('./hold.ts'),
  },
  {
    name: 'lock',
    summary: 'Let nobody else deploy until somebody unlocks; all: everywhere',
    usage: '<env>',
    options: [
      { flags: '--for <duration>', summary: 'how long; without it until somebody unlocks' },
      reasonOption,
      ...askingOptions,
    ],
    examples: ['sallyport lock production --for 2h --reason "the database moves"'],
    load: () => import('./lock.ts'),
  },
  {
    name: 'unlock',
    summary: 'Take a lock back; all: everywhere',
    usage: '<env>',
    options: [reasonOption, ...askingOptions],
    examples: ['sallyport unlock production'],
    load: () => import('./unlock.ts'),
  },
  {
    name: 'release',
    summary: 'Give a host back on which people acted themselves',
    usage: '<host>',
    options: askingOptions,
    examples: ['sallyport release web-1'],
    load: () => import('./release.ts'),
  },
  {
    name: 'release-quarantine',
    summary: 'Let a commit that failed be tried again',
    usage: '<env> <commit>',
    options: askingOptions,
    examples: ['sallyport release-quarantine production 4f9c2ab'],
    load: () => import('./release-quarantine.ts'),
  },
];
