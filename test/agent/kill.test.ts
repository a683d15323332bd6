import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { openFileLedger } from '../../src/adapters/ledger/file/open-ledger.ts';
import { issueJob } from '../../src/deploy/issue.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { signingKeyToPem } from '../../src/model/keys.ts';
import { backNames, forwardNames } from '../deploy/unit-of.ts';
import { appKey, draftJob, hostKeys, trust } from '../support/jobs.ts';

const program = join(import.meta.dirname, 'killed-agent.ts');

test.concurrent.each(forwardNames)(
  'killed with -9 in %s and started again without the ledger, it is finished',
  { timeout: 60_000 },
  async (step) => {
    await using killed = await killIn(step, []);
    expect(killed.ran).toEqual(forwardNames.slice(0, forwardNames.indexOf(step) + 1));
    const { ran, states } = await killed.startAgain();
    expect(ran).toEqual([
      ...forwardNames.flatMap((name) => (name === step ? [name, name] : name)),
      'drain',
    ]);
    expect(states).toEqual(['bound', 'applying', 'done']);
  },
);

test.concurrent.each(backNames)(
  'killed with -9 in %s and started again without the ledger, it is rolled back',
  { timeout: 60_000 },
  async (step) => {
    await using killed = await killIn(step, ['switch']);
    const { ran, states } = await killed.startAgain();
    expect(ran.slice(5)).toEqual(
      backNames.flatMap((name) => (name === step ? [name, name] : name)),
    );
    expect(states).toEqual(['bound', 'applying', 'rolling-back', 'rolled-back']);
  },
);

/** An agent that dies in this step of the first job that it gets. */
async function killIn(step: string, broken: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-kill-'));
  writeFileSync(join(folder, 'host.pem'), signingKeyToPem(hostKeys['web-1']!));
  writeFileSync(join(folder, 'app.pub'), appKey.public.text);
  const ledger = openFileLedger(join(folder, 'ledger'), { clock: systemClock });
  const reader = new LedgerReader(ledger, trust);
  const targets = [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1'] }];
  const draft = draftJob('a comment', { targets });
  await issueJob(draft, { ledger, reader, key: appKey, clock: systemClock });

  const live = async (killStep: string) => {
    const args = ['--no-warnings', program, folder, killStep, broken.join()];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const late = setTimeout(() => child.kill('SIGKILL'), 25_000);
    const [said, [code, signal]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    clearTimeout(late);
    return { said, code: code as number | null, signal: signal as string | null };
  };
  const ran = () => readFileSync(join(folder, 'ran'), 'utf8').trim().split('\n');
  expect(await live(step)).toMatchObject({ said: '', signal: 'SIGKILL' });
  return {
    ran: ran(),
    async startAgain() {
      expect(await live('')).toMatchObject({ said: '', code: 0 });
      const { log } = await new LedgerReader(ledger, trust).refresh();
      return { ran: ran(), states: log.records.map(({ record }) => record.state) };
    },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true });
    },
  };
}
