import { ledgerContract } from '../../contract/ledger.ts';
import { createMemoryWorld, noFaults } from '../../support/memory-ledger.ts';

ledgerContract('in memory', async () => {
  const world = createMemoryWorld(1);
  return {
    connect: () => {
      const ledger = world.connect();
      const heal = <Entry>(entry: Promise<Entry>): Promise<Entry> =>
        entry.finally(() => {
          world.faults = noFaults;
        });
      return {
        jobs: (older, signal) => ledger.jobs(older, signal),
        records: (deployment, signal) => ledger.records(deployment, signal),
        show: (...shown) => ledger.show(...shown),
        publish: (job, signal) => heal(ledger.publish(job, signal)),
        append: (record, signal) => heal(ledger.append(record, signal)),
      };
    },
    loseNextAnswer: () => {
      world.faults = { ...noFaults, timedOut: 1 };
    },
    remove: async () => undefined,
  };
});
