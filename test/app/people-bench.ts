import { handleIssueComment } from '../../src/app/issue-comment.ts';
import { planCheckText } from '../../src/report/plan-check.ts';
import type { UnitPlan } from '../../src/report/views.ts';
import { shortDigest } from '../../src/deploy/record-codec.ts';
import { planDigestOf } from '../../src/deploy/approvals.ts';
import { added, unitPlan } from '../report/sample-plans.ts';
import { appBench, commentOf } from './app-bench.ts';
import type { Facts } from './memory-github.ts';

export const mona = { id: 5, login: 'mona' };
export const ada = { id: 6, login: 'ada' };
export const eve = { id: 7, login: 'eve' };

export const webPlan: UnitPlan = unitPlan([added], { name: 'web', kind: 'service' });

/** An App whose policy wants approvals, and people who talk to it. */
export function peopleBench(
  require = '{ approvals: 1 }',
  change: (known: Facts) => void = () => {},
) {
  const bench = appBench((known) => {
    for (const [path, text] of Object.entries(known.files)) {
      known.files[path] = text.replace(
        'production: { hosts: [web-1], targets: [web] }',
        `production: { hosts: [web-1], targets: [web], require: ${require} }`,
      );
    }
    // Long before the first comment, by whatever clock.
    for (const pushes of Object.values(known.pushes)) {
      for (const push of pushes) Object.assign(push, { at: 0 });
    }
    change(known);
  });
  let comment = 100;
  /** Types a comment one minute after whatever was said before, and gives what was answered. */
  const type = async (body: string, author = ada, over: Parameters<typeof commentOf>[1] = {}) => {
    await bench.ledgers.clock.sleep(60_000);
    comment += 1;
    const at = bench.ledgers.clock.now();
    const before = bench.comments.length;
    await handleIssueComment(commentOf(body, { comment, at, author, ...over }), bench.open);
    return bench.comments[before]?.body ?? '';
  };
  /** The host plans the deployment, and waits for people. */
  const planned = async (
    deployment: number,
    { plan = webPlan, reason = 'awaiting_approval' as const, attempt = 1 } = {},
  ) => {
    bench.known.plans.push(planCheckText(plan)!);
    const digest = shortDigest(plan.digest);
    await bench.say(deployment, 'planned', {
      plan: digest,
      reason,
      attempt,
      words: 'web-1 planned',
    });
  };
  const view = async (deployment: number) =>
    (await bench.environment())!.deployments.find((one) => one.deployment === deployment)!;
  /** The digits that approve the deployment's plan. */
  const digits = async (deployment: number) =>
    planDigestOf((await view(deployment)).units)!
      .replace('sha256:', '')
      .slice(0, 8);
  return { ...bench, type, planned, view, digits };
}
