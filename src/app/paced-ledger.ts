import type { Ledger } from '../ports/ledger.ts';
import { ranks } from './octokit/write-of.ts';
import type { WriteQueue } from './octokit/write-queue.ts';

const creates = { rank: ranks.deployment, creates: true, key: null };

/** A ledger whose writes wait their turn among all others of the installation. */
export function pacedLedger(ledger: Ledger, writes: WriteQueue): Ledger {
  return {
    jobs: (older, signal) => ledger.jobs(older, signal),
    records: (deployment, signal) => ledger.records(deployment, signal),
    publish: (job, signal) => writes.run(creates, () => ledger.publish(job, signal)),
    append: (record, signal) => writes.run(creates, () => ledger.append(record, signal)),
    show: (deployment, state, description, signal) =>
      writes.run(creates, () => ledger.show(deployment, state, description, signal)),
  };
}
