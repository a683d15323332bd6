import type { Verb } from './verb.ts';

const id = '72d3162e-cc78-11e3-81ab-4c9367dc0958';

/** What operators of the App look at. */
export const deliveryVerbs: readonly Verb[] = [
  {
    name: 'deliveries list',
    summary: 'Show the webhooks that the App wrote down',
    usage: '',
    options: [
      { flags: '--failed', summary: 'only those that were given up' },
      { flags: '--limit <number>', summary: 'at most so many, newest first (50)' },
    ],
    examples: ['sallyport deliveries list', 'sallyport deliveries list --failed --json'],
    load: () => import('./deliveries-list.ts'),
  },
  {
    name: 'deliveries show',
    summary: 'Show a webhook with its payload',
    usage: '<id>',
    options: [],
    examples: [`sallyport deliveries show ${id}`],
    load: () => import('./deliveries-show.ts'),
  },
  {
    name: 'deliveries replay',
    summary: 'Have the App act on a webhook again',
    usage: '<id>',
    options: [],
    examples: [`sallyport deliveries replay ${id}`],
    load: () => import('./deliveries-replay.ts'),
  },
];
