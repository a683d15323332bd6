import { expect, test, vi } from 'vitest';
import { issueJob } from '../../src/deploy/issue.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { exitCodes, SallyportError } from '../../src/model/errors.ts';
import { appKey, draftJob, trust } from '../support/jobs.ts';
import { createMemoryWorld } from '../support/memory-ledger.ts';

/** A ledger with one open deployment in production and one in staging, and a reader that knows both. */
async function twoEnvironments() {
  const world = createMemoryWorld(1);
  const ledger = world.connect();
  const reader = new LedgerReader(ledger, trust);
  const app = { ledger, reader, key: appKey, clock: world.clock };
  const production = await issueJob(draftJob('comment:1:1:0'), app);
  await issueJob(draftJob('comment:1:2:0', { environment: 'staging' }), app);
  return { ledger, reader, app, lost: production.deployment };
}

test('a deployment that somebody deleted hides none of the others', async () => {
  const { ledger, reader, app, lost } = await twoEnvironments();
  const records = ledger.records.bind(ledger);
  vi.spyOn(ledger, 'records').mockImplementation(async (deployment, signal) => {
    if (deployment !== lost) return records(deployment, signal);
    throw new SallyportError({ code: 'gone', message: '404', exit: exitCodes.notFound });
  });
  const { deployment } = await issueJob(draftJob('push:x', { environment: 'staging' }), app);
  const { environments } = await reader.refresh();
  expect(environments.get('staging')!.deployments.map((each) => each.deployment)).toContain(
    deployment,
  );
  expect(environments.get('production')!.running?.deployment).toBe(lost);
});

test('any other failure to read records is one of the whole reading', async () => {
  const { ledger, reader } = await twoEnvironments();
  vi.spyOn(ledger, 'records').mockRejectedValue(new Error('no answer'));
  await expect(reader.refresh()).rejects.toThrow('no answer');
});
