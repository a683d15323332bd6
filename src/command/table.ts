import type { Command } from './command.ts';
import type { FlagName } from './flags.ts';

/** A command as `/help` shows it, and what may stand behind it. */
export interface CommandRow {
  readonly name: Command['name'];
  readonly usage: string;
  readonly summary: string;
  readonly flags: readonly FlagName[];
  /** Whether `| name=value` may stand at the end. */
  readonly takesInputs?: true;
}

export const commandTable: readonly CommandRow[] = [
  {
    name: 'deploy',
    usage: '/deploy <env> [ref|@sha]',
    summary: 'deploys this pull request, or a branch, tag or commit',
    flags: [
      'reason',
      'only',
      'sha',
      'force',
      'stage',
      'plan-only',
      'force-quarantined',
      'accept-gap',
    ],
    takesInputs: true,
  },
  {
    name: 'rollback',
    usage: '/rollback <env> [to]',
    summary: 'goes back to the commit before, or to one that completed there',
    flags: ['reason', 'only', 'sha', 'accept-gap'],
    takesInputs: true,
  },
  {
    name: 'switch',
    usage: '/switch <env> [target] [to]',
    summary: 'moves the traffic to what is staged, or back to what had it before',
    flags: ['reason', 'sha', 'force-quarantined', 'accept-gap'],
  },
  {
    name: 'promote',
    usage: '/promote <from> <to>',
    summary: 'deploys to the second what runs in the first',
    flags: ['reason', 'only', 'force', 'stage', 'force-quarantined', 'accept-gap'],
    takesInputs: true,
  },
  {
    name: 'plan',
    usage: '/plan <env> [ref|@sha]',
    summary: 'shows what a deployment would change',
    flags: ['reason', 'only', 'sha', 'accept-gap'],
    takesInputs: true,
  },
  {
    name: 'approve',
    usage: '/approve [env] [digest]',
    summary: 'approves the plan that was shown, or the one with this digest',
    flags: ['reason'],
  },
  {
    name: 'reject',
    usage: '/reject [env] [reason]',
    summary: 'ends a deployment that awaits approval',
    flags: ['reason'],
  },
  {
    name: 'cancel',
    usage: '/cancel <env>',
    summary: 'ends a deployment; one that has begun stops where that is still safe',
    flags: ['reason'],
  },
  {
    name: 'lock',
    usage: '/lock <env>|all [reason] [--for 2h] [--until-merge]',
    summary: 'lets nobody else deploy there',
    flags: ['reason', 'for', 'until-merge', 'sticky', 'info'],
  },
  {
    name: 'unlock',
    usage: '/unlock <env>|all [--force]',
    summary: 'takes the lock back',
    flags: ['reason', 'force'],
  },
  {
    name: 'pause',
    usage: '/pause <env> [for] [reason]',
    summary: 'stops what comes by itself, for a time such as 2h',
    flags: ['for', 'reason'],
  },
  { name: 'resume', usage: '/resume <env>', summary: 'ends the pause', flags: ['reason'] },
  { name: 'status', usage: '/status [env]', summary: 'says what is deployed where', flags: [] },
  { name: 'help', usage: '/help', summary: 'shows this', flags: [] },
];
