import type { Command } from './command.ts';

/** A command as `/help` shows it. */
export interface CommandRow {
  readonly name: Command['name'];
  readonly usage: string;
  readonly summary: string;
}

export const commandTable: readonly CommandRow[] = [
  {
    name: 'deploy',
    usage: '/deploy <env> [ref|@sha]',
    summary: 'deploys this pull request, or a branch, tag or commit',
  },
  {
    name: 'rollback',
    usage: '/rollback <env> [to]',
    summary: 'goes back to the commit before, or to one that completed there',
  },
  { name: 'status', usage: '/status [env]', summary: 'says what is deployed where' },
  { name: 'help', usage: '/help', summary: 'shows this' },
];

/** Words that are known but not available yet. */
export const laterCommands: readonly string[] = [
  'plan',
  'approve',
  'reject',
  'promote',
  'switch',
  'lock',
  'unlock',
  'pause',
  'resume',
  'cancel',
];
