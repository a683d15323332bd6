import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFileLedger } from '../../src/adapters/ledger/file/open-ledger.ts';
import { openJournal } from '../../src/adapters/journal/file/open-journal.ts';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { startAgent } from '../../src/agent/agent.ts';
import { PlanStore } from '../../src/agent/plan-store.ts';
import { Environment } from '../../src/config/environment.ts';
import { RepositoryConfig } from '../../src/config/repository.ts';
import { ServiceConfig } from '../../src/config/service.ts';
import type { JournalBody } from '../../src/deploy/journal-entries.ts';
import { digestOf } from '../../src/model/digest.ts';
import { planOf } from '../../src/model/plan.ts';
import { SallyportError } from '../../src/model/errors.ts';
import { parsePublicKey, parseSigningKey } from '../../src/model/keys.ts';
import { unitOf } from '../deploy/unit-of.ts';

/** What the test tells this process: its folder, the step in which it dies, and the steps that fail. */
const [folder = '', killIn = '', broken = ''] = process.argv.slice(2);

const journal = await openJournal<JournalBody>(join(folder, 'journal'), { clock: systemClock });
const unit = unitOf((step) => {
  appendFileSync(join(folder, 'ran'), `${step}\n`);
  if (step === killIn) process.kill(process.pid, 'SIGKILL');
}, broken.split(','));
const ledger = openFileLedger(join(folder, 'ledger'), { clock: systemClock });
// A restarted agent's unit must not depend on the ledger: it answers only when there is something to record.
const isRestart = killIn === '';
const config = ServiceConfig.parse({
  kind: 'service',
  run: ['node', 'server.js'],
  ports: { blue: 1, green: 2 },
  proxy: { listen: 80 },
});

const agent = startAgent({
  rules: { name: 'web-1', environments: ['production'], origins: ['app'], kinds: ['service'] },
  key: parseSigningKey(readFileSync(join(folder, 'host.pem'), 'utf8')),
  ledger: isRestart
    ? {
        ...ledger,
        jobs: (...args) => (hasEnded() ? ledger.jobs(...args) : refuse()),
        records: (...args) => ledger.records(...args),
        append: (...args) => ledger.append(...args),
        show: (...args) => ledger.show(...args),
      }
    : ledger,
  trust: async () => ({
    repository: 1,
    app: [
      {
        key: parsePublicKey(readFileSync(join(folder, 'app.pub'), 'utf8')),
        environments: 'all',
      },
    ],
  }),
  verify: async () => ({ ok: true, config, version: null }),
  journal,
  clock: systemClock,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  makeTarget: async () => ({
    ...unit,
    plan: async () =>
      planOf({
        changes: [{ action: 'add', resource: 'Service/web', breaking: false }],
        wanted: digestOf('a tree'),
      }),
    status: () => Promise.reject(new Error('not asked here')),
  }),
  linkOf: () => null,
  pollMs: 20,
  livenessMs: 5_000,
  reconcileMs: 300_000,
  policyNow: async () => ({
    sha: 'b'.repeat(40),
    environment: Environment.parse({}),
    config: RepositoryConfig.parse({ version: 1 }),
  }),
  ask: async () => null,
  plans: new PlanStore(join(folder, 'plans')),
  listeners: [
    (event) => {
      const isEnd =
        event.kind === 'record-written' && /^(done|rolled-back|failed)$/.test(event.state);
      if (isEnd) void agent.stop().then(() => journal.close());
    },
  ],
});

function hasEnded(): boolean {
  return journal.entries().some(({ body }) => body.kind === 'unit-ended');
}

function refuse(): Promise<never> {
  return Promise.reject(
    new SallyportError({ code: 'cut_off', message: 'no answer', next: 'retry' }),
  );
}
