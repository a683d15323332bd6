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
  {
    name: 'plan',
    usage: '/plan <env> [ref|@sha]',
    summary: 'shows what a deployment would change',
  },
  {
    name: 'approve',
    usage: '/approve [env] [digest]',
    summary: 'approves the plan that was shown, or the one with this digest',
  },
  {
    name: 'reject',
    usage: '/reject [env] [reason]',
    summary: 'ends a deployment that awaits approval',
  },
  {
    name: 'cancel',
    usage: '/cancel <env>',
    summary: 'ends a deployment; one that has begun stops where that is still safe',
  },
  {
    name: 'lock',
    usage: '/lock <env>|all [reason] [--for 2h] [--until-merge]',
    summary: 'lets nobody else deploy there',
  },
  { name: 'unlock', usage: '/unlock <env>|all [--force]', summary: 'takes the lock back' },
  {
    name: 'pause',
    usage: '/pause <env> [for] [reason]',
    summary: 'stops what comes by itself, for a time such as 2h',
  },
  { name: 'resume', usage: '/resume <env>', summary: 'ends the pause' },
  { name: 'status', usage: '/status [env]', summary: 'says what is deployed where' },
  { name: 'help', usage: '/help', summary: 'shows this' },
];

/** Words that are known but not available yet. */
export const laterCommands: readonly string[] = ['promote', 'switch'];
