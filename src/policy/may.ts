import type { May } from '../config/people.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import { isNamed, type NamedPerson } from './people.ts';

/** The logins and teams that a command is kept to; `null`: whoever may write. */
export function keptTo(may: May, command: keyof May): readonly string[] | null {
  return may[command] ?? (deploying.has(command) ? may.deploy : undefined) ?? null;
}

/** Whoever promotes or switches deploys there, so that a list for one is no way around the other. */
const deploying: ReadonlySet<keyof May> = new Set(['promote', 'switch']);

export interface MayFacts {
  readonly command: keyof May;
  readonly environment: string;
  readonly person: NamedPerson;
  /** As `keptTo` says. */
  readonly kept: readonly string[];
}

/** Whether this person is one of those to whom the environment keeps the command. */
export function judgeMay({ command, environment, person, kept }: MayFacts): GateDecision {
  const { login } = person;
  if (isNamed(kept, person)) return openGate('may', 'is_named', `${login} may /${command}`);
  return closedGate(
    'may',
    'not_named',
    `${login} may not /${command} on ${environment}; those who may are ${kept.join(', ')}`,
    'Ask one of them to type the command.',
  );
}
