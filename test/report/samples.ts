import type { Job } from '../../src/model/job.ts';
import type { ReportedDeployment, ReportedEnvironment } from '../../src/report/views.ts';

export const sha = 'a'.repeat(40);
export const start = Date.parse('2026-05-01T12:00:00Z');

export function sampleJob(over: Partial<Job> = {}): Job {
  return {
    schema: 1,
    operation: 'deploy',
    id: `sha256:${'1'.repeat(64)}`,
    cause: 'comment:7:99:1',
    repository: 7,
    environment: 'production',
    sha,
    ref: 'feature',
    policy: 'f'.repeat(40),
    targets: [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1'] }],
    roster: [{ name: 'web-1', key: 'ed25519:AAAA' }],
    on_failure: 'rollback',
    flags: {},
    params: {},
    actor: { id: 5, login: 'mona' },
    authors: ['mona'],
    gates: [],
    reply: { issue: 3, comment: 100 },
    prev: null,
    issued: '2026-05-01T12:00:00.000Z',
    start_by: '2026-05-08T12:00:00.000Z',
    ...over,
  };
}

export function sampleDeployment(
  deployment: number,
  over: Partial<ReportedDeployment> = {},
): ReportedDeployment {
  return {
    deployment,
    job: sampleJob(),
    state: 'completed',
    reason: 'none',
    over: true,
    units: [
      { target: 'web', host: 'web-1', wave: 0, state: 'done', reason: 'none', at: start + 5000 },
    ],
    at: start + 5000,
    endedAt: start + 5000,
    ...over,
  };
}

export function sampleEnvironment(
  deployments: readonly ReportedDeployment[],
  over: Partial<ReportedEnvironment> = {},
): ReportedEnvironment {
  const good = deployments.filter(({ state }) => state === 'completed');
  return {
    name: 'production',
    deployments,
    running: deployments.find((view) => !view.over) ?? null,
    queue: [],
    lastGood: good.at(-1) ?? null,
    previousGood: good.at(-2) ?? null,
    staged: [],
    gap: null,
    desired: deployments.at(-1) ?? null,
    hosts: new Map(),
    facts: { lock: null, pause: null, held: [], quarantined: [] },
    ...over,
  };
}
