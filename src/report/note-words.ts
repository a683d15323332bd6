import type { Note, NotifiedEvent } from '../model/note.ts';
import { withoutTricks } from './escape.ts';
import { shortSha } from './words.ts';

const happened: Readonly<Record<NotifiedEvent, string>> = {
  started: 'has begun',
  'awaiting-approval': 'waits for an approval',
  completed: 'is completed',
  failed: 'has failed',
  'rolled-back': 'was rolled back',
  'out-of-sync': 'differs from what was deployed',
  'agent-lost': 'waits for a host that is silent',
};

const marks: Readonly<Record<NotifiedEvent, string>> = {
  started: '🚚',
  'awaiting-approval': '✋',
  completed: '✅',
  failed: '❌',
  'rolled-back': '↩️',
  'out-of-sync': '⚠️',
  'agent-lost': '📡',
};

const stagedWords = ['⏸️', 'is staged, the traffic has not moved'] as const;

/** A fact under its name, in one line. */
export interface Fact {
  readonly name: string;
  readonly text: string;
}

/** One line without markup: what happened, and where. */
export function noteTitle(note: Note): string {
  const { event, environment, repository, commit, operation } = note;
  const about = event === 'out-of-sync' ? environment : aboutOf(operation, environment, commit);
  const isStaged = event === 'completed' && note.reason === 'staged';
  const [mark, what] = isStaged ? stagedWords : [marks[event], happened[event]];
  const at = event === 'failed' && note.step !== null ? ` at ${note.step}` : '';
  return oneLine(`${mark} ${repository.name}: ${about} ${what}${at}`, 150);
}

/** What people want to know next; each is one line of plain text, never empty. */
export function noteFacts(note: Note): readonly Fact[] {
  const { ref, commit, actor, reason, hosts, targets, deployment } = note;
  const facts: readonly Fact[] = [
    { name: 'Environment', text: note.environment },
    { name: 'Commit', text: ref === '' ? shortSha(commit) : `${shortSha(commit)} (${ref})` },
    { name: 'Deployment', text: `${deployment}` },
    { name: 'By', text: actor },
    { name: 'Targets', text: targets.join(', ') },
    { name: 'Hosts', text: hosts.join(', ') },
    { name: 'Step', text: note.step ?? '' },
    { name: 'Reason', text: reason === 'none' ? '' : reason.replaceAll('_', ' ') },
    { name: 'Message', text: note.message },
  ];
  return facts
    .map(({ name, text }) => ({ name, text: oneLine(text, 300) }))
    .filter(({ text }) => text !== '');
}

/** Text that anybody wrote as one line of at most so many characters, without control characters. */
function oneLine(text: string, longest: number): string {
  const flat = withoutTricks(text).replace(/\s+/gu, ' ').trim();
  if (flat.length <= longest) return flat;
  // Half of a character is none.
  return `${flat.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function aboutOf(operation: string, environment: string, commit: string): string {
  return operation === 'rollback' || operation === 'switch'
    ? `${operation} of ${environment} to ${shortSha(commit)}`
    : `${shortSha(commit)} to ${environment}`;
}
