import { parseRepositoryConfig } from '../../src/config/parse.ts';
import type { Environment } from '../../src/config/environment.ts';
import type { Window } from '../../src/config/window.ts';
import { digestOf } from '../../src/model/digest.ts';
import type { EnvironmentFacts, GateFacts, Request, Standing } from '../../src/policy/facts.ts';

export const sha = 'c'.repeat(40);
export const now = Date.parse('2026-12-24T18:00:00Z');
export const hour = 3_600_000;

/** An environment `production` with these lines of the policy, in flow style. */
function policyOf(lines = ''): Environment {
  const text = `version: 1\nenvironments: { production: { ${lines} } }\n`;
  const parsed = parseRepositoryConfig(text, 'sallyport.yml');
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.config.environments['production']!;
}

export function windowOf(facts: Partial<Window> & Pick<Window, 'schedule'>): Window {
  return { kind: 'allow', duration: 8 * hour, timezone: 'UTC', manual: false, ...facts };
}

function requestOf(facts: Partial<Request> = {}): Request {
  return {
    operation: 'deploy',
    sha,
    auto: false,
    isRollback: false,
    flags: {},
    authors: ['mona'],
    actor: 'mona',
    ...facts,
  };
}

export function standing(until: number | null = null): Standing {
  return { by: 'hubot', person: 1, reason: 'moving the database', since: now - hour, until };
}

interface Facts extends Partial<Omit<GateFacts, 'policy' | 'environment' | 'request'>> {
  readonly policy?: string;
  readonly environment?: Partial<EnvironmentFacts>;
  readonly request?: Partial<Request>;
}

/** A person's deployment of a planned commit, to which nothing speaks against. */
export function factsOf({ policy, environment, request, ...facts }: Facts = {}): GateFacts {
  return {
    at: now,
    policy: policyOf(policy),
    environment: {
      name: 'production',
      lock: null,
      pause: null,
      heldByPull: null,
      held: [],
      quarantined: [],
      ...environment,
    },
    request: requestOf(request),
    plan: { digest: digestOf('plan'), breaking: [], risk: 'low' },
    approvals: [],
    voidApprovals: 0,
    completedBefore: null,
    external: {},
    host: null,
    ...facts,
  };
}
