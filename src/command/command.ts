/** Fields of every command. */
interface CommandBase {
  /** The line of the comment, from 1. */
  readonly line: number;
  /** `--name` is `true`, `--name=value` the text. `--reason` and `--for` stand in `params`, `--sha` in `sha`. */
  readonly flags: Readonly<Record<string, string | true>>;
  readonly params: Readonly<Record<string, string>>;
  /** What was typed after `|`, by name; not yet held against what the targets declare. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** At most one of `ref` (a branch or a tag) and `sha` (7 to 40 lower-case hexadecimal digits) is given. */
interface CommitNamed {
  readonly ref: string | null;
  readonly sha: string | null;
}

interface NoCommit {
  readonly ref: null;
  readonly sha: null;
}

/** `/deploy <env> [ref|@sha]`; without either, the head of the pull request or the default branch. */
export interface DeployCommand extends CommandBase, CommitNamed {
  readonly name: 'deploy';
  readonly environment: string;
}

/** `/rollback <env> [to]`; without `to`, the commit before the last good one. */
export interface RollbackCommand extends CommandBase, CommitNamed {
  readonly name: 'rollback';
  readonly environment: string;
}

/**
 * `/switch <env> [target] [to]`; without `to`, what is staged, else what had the traffic before. A
 * single word may be either: only the environment knows its targets.
 */
export interface SwitchCommand extends CommandBase, CommitNamed {
  readonly name: 'switch';
  readonly environment: string;
  readonly target: string | null;
}

/** `/promote <from> <to>`: the commit and the inputs that completed newest in `from`, which stands in `params` too. */
export interface PromoteCommand extends CommandBase, NoCommit {
  readonly name: 'promote';
  readonly from: string;
  readonly environment: string;
}

/** `/plan <env> [ref|@sha]`: what `/deploy` would change, and nothing more. */
export interface PlanCommand extends CommandBase, CommitNamed {
  readonly name: 'plan';
  readonly environment: string;
}

/** `/approve [env] [digest]`; `params.digest`: at least 8 digits that the plan's digest begins with. */
export interface ApproveCommand extends CommandBase, NoCommit {
  readonly name: 'approve';
  readonly environment: string | null;
}

/** `/reject [env] [reason]`; `params.reason`. */
export interface RejectCommand extends CommandBase, NoCommit {
  readonly name: 'reject';
  readonly environment: string | null;
}

/** `/cancel <env>` */
export interface CancelCommand extends CommandBase, NoCommit {
  readonly name: 'cancel';
  readonly environment: string;
}

/** `/lock <env> [reason]`, `/pause <env> [for] [reason]` and what takes them back; `params.for` is a duration. */
export interface StateCommand extends CommandBase, NoCommit {
  readonly name: 'lock' | 'unlock' | 'pause' | 'resume';
  readonly environment: string;
}

/** `/status [env]` */
interface StatusCommand extends CommandBase, NoCommit {
  readonly name: 'status';
  readonly environment: string | null;
}

/** `/help` */
interface HelpCommand extends CommandBase, NoCommit {
  readonly name: 'help';
  readonly environment: null;
}

export type Command =
  | DeployCommand
  | RollbackCommand
  | SwitchCommand
  | PlanCommand
  | PromoteCommand
  | ApproveCommand
  | RejectCommand
  | CancelCommand
  | StateCommand
  | StatusCommand
  | HelpCommand;

type CommandErrorCode =
  | 'unknown_command'
  | 'missing_environment'
  | 'invalid_environment'
  | 'invalid_ref'
  | 'invalid_sha'
  | 'invalid_digest'
  | 'invalid_duration'
  | 'invalid_reason'
  | 'invalid_quote'
  | 'invalid_flag'
  | 'duplicate_flag'
  | 'invalid_parameter'
  | 'too_many_words'
  | 'too_many_commands';

/** A line that was meant as a command and is none. */
export interface CommandError {
  readonly line: number;
  readonly code: CommandErrorCode;
  /** One sentence. */
  readonly message: string;
  /** What to type instead: `/deploy`. */
  readonly did_you_mean?: string;
}
