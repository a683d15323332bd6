import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/adapters/clock/system.ts';
import { openDirectory } from '../src/adapters/git/open-git.ts';
import { Notebook } from '../src/agent/notebook.ts';
import { Beside } from '../src/agent/outage/beside.ts';
import { Reconcile } from '../src/agent/reconcile.ts';
import { Run, type MakeTarget } from '../src/agent/run.ts';
import { UnitLock } from '../src/agent/unit-lock.ts';
import { WorkLock } from '../src/agent/work-lock.ts';
import { FilesConfig } from '../src/config/files.ts';
import type { JournalBody, Work } from '../src/deploy/journal-entries.ts';
import type { JournalEntry } from '../src/ports/journal.ts';
import type { TargetContext } from '../src/targets/context.ts';
import { createTarget } from '../src/targets/registry.ts';
import { residentMb } from './support/resident.ts';

// How many environments one agent compares a second when none of them differs: 1,000 folders of
// 10 files each, beside `git diff --quiet` in a working tree of the same files (goal: 40 a second).
// `node bench/reconcile.ts [--environments N] [--json]`; about 1 min.
const count = Number(valueOf('--environments') ?? 1_000);
const filesEach = 10;
const peers = 100;
/** How many are applied at once, to be compared then. */
const atOnce = 16;
const goal = 40;
const prepared = valueOf('--prepare');
const folder = prepared ?? mkdtempSync(join(tmpdir(), 'sallyport-reconcile-'));
const tree = join(folder, 'tree');
const names = Array.from({ length: count }, (_, number) => `e${number}`);
const { signal } = new AbortController();
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

if (prepared === undefined) {
  try {
    // In a process of its own: what applying takes of the memory is not what comparing takes.
    const words = [import.meta.filename, '--prepare', folder, '--environments', String(count)];
    const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`the environments could not be prepared: ${status}`);
    await measure();
  } finally {
    rmSync(folder, { recursive: true });
  }
} else await prepare();

async function prepare(): Promise<void> {
  writeTree();
  const { works, makeTarget } = await openWorks();
  const left = [...works];
  const apply = async (): Promise<void> => {
    for (let work = left.pop(); work; work = left.pop()) {
      const target = await makeTarget(work, () => undefined);
      for (const step of target.steps) await step.run(signal);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, apply));
}

async function measure(): Promise<void> {
  const { works, makeTarget } = await openWorks();
  let drifted = 0;
  const reconcile = reconcileOf(works, makeTarget, () => {
    drifted += 1;
  });
  await reconcile.once(signal, signal);
  const began = performance.now();
  await reconcile.once(signal, signal);
  const oursPerSecond = count / ((performance.now() - began) / 1000);
  if (drifted > 0) throw new Error(`${drifted} environments differ: nothing was measured`);
  const rssMb = await residentMb(process.pid);
  const peerPerSecond = measurePeer();
  const result = { environments: count, oursPerSecond, peerPerSecond, goal, rssMb };
  if (process.argv.includes('--json')) console.log(JSON.stringify(result));
  else {
    console.table([
      rowOf('git diff --quiet', peerPerSecond, peerPerSecond),
      rowOf('sallyport reconcile', oursPerSecond, peerPerSecond),
    ]);
    console.log(`${count} environments; RSS ${rssMb.toFixed(0)} MB`);
  }
  if (oursPerSecond < goal) process.exitCode = 1;
}

async function openWorks() {
  const dir = join(folder, 'cache.git');
  const git = await openDirectory({ dir, directory: tree, leaveOut: [] });
  const sha = (await git.fetch())[0]!.sha;
  const makeTarget: MakeTarget = async (work) =>
    createTarget({
      environment: work.job.environment,
      target: work.target,
      deployment: work.deployment,
      heal: 0,
      operation: 'deploy',
      stage: false,
      sha: work.job.sha,
      version: null,
      config: work.config,
      paths: { state: join(folder, 'state'), envRoot: null, allowed: [folder] },
      outputs: {},
      params: {},
      isForced: false,
      inherited: {},
      // No program, proxy or probe has a part in comparing files.
      ports: { git, clock: systemClock, log: quiet } as unknown as TargetContext['ports'],
      progress: () => undefined,
    });
  return { works: names.map((name, number) => workOf(name, number + 1, sha)), makeTarget };
}

function writeTree(): void {
  for (const name of names) {
    const own = join(tree, 'environments', name);
    mkdirSync(own, { recursive: true });
    for (let file = 0; file < filesEach; file += 1) {
      writeFileSync(join(own, `layer-${file}.yaml`), `name: ${name}-${file}\n`);
    }
  }
}

function workOf(environment: string, deployment: number, sha: string): Work {
  const digest = `sha256:${deployment.toString(16).padStart(64, '0')}` as const;
  return {
    deployment,
    digest,
    target: 'map',
    targetIndex: 0,
    host: 'web-1',
    attempt: 1,
    plan: null,
    version: null,
    retry: null,
    config: FilesConfig.parse({
      kind: 'files',
      source: 'environments/{environment}',
      destination: join(folder, 'destinations', environment),
    }),
    job: {
      schema: 1,
      operation: 'deploy',
      id: digest,
      cause: environment,
      repository: 0,
      environment,
      sha,
      ref: 'main',
      policy: sha,
      targets: [{ name: 'map', kind: 'files', wave: 0, hosts: ['web-1'] }],
      roster: [{ name: 'web-1', key: `ed25519:${'A'.repeat(43)}` }],
      on_failure: 'rollback',
      flags: {},
      params: {},
      actor: { id: 0, login: 'ada' },
      authors: [],
      gates: [],
      reply: null,
      prev: null,
      issued: '2026-01-01T00:00:00.000Z',
      start_by: '2026-01-02T00:00:00.000Z',
    },
  };
}

function reconcileOf(
  works: readonly Work[],
  makeTarget: MakeTarget,
  onDrift: () => void,
): Reconcile {
  const entries = works.map((work, at): JournalEntry<JournalBody> => ({
    seq: at + 1,
    at: 0,
    body: { kind: 'unit-unchanged', work },
  }));
  const notebook = new Notebook({
    entries: () => entries,
    append: (body) => Promise.resolve({ seq: 0, at: 0, body }),
    close: () => Promise.resolve(),
  });
  const parts = { notebook, clock: systemClock, log: quiet, on: () => undefined };
  return new Reconcile({
    ...parts,
    rules: { name: 'web-1', environments: names, origins: ['git'], kinds: ['files'] },
    host: 'web-1',
    hasFallenBack: () => false,
    source: {
      last: null,
      now: () => Date.now(),
      refresh: () => Promise.reject(new Error('nothing is mended here')),
    },
    beside: new Beside({ host: 'web-1', environments: names, notebook, source: { last: null } }),
    run: new Run({
      units: new UnitLock(),
      ...parts,
      makeTarget,
      report: { say: noWord },
      isLeaving: () => false,
      cancelledBy: () => null,
    }),
    report: {
      sayOfHost: () => {
        onDrift();
        return noWord();
      },
    },
    lock: new WorkLock(),
    reconcileMs: 300_000,
    policyNow: () => Promise.reject(new Error('nothing is mended here')),
  });
}

function noWord(): Promise<void> {
  return Promise.resolve();
}

/** The same comparison by Git: one process for each environment, in a working tree of its own files. */
function measurePeer(): number {
  const git = (words: readonly string[]) => execFileSync('git', words, { cwd: tree });
  git(['init', '--quiet']);
  git(['add', '--all']);
  const began = performance.now();
  for (const name of names.slice(0, peers)) {
    const words = ['diff', '--quiet', '--', `environments/${name}`];
    const { status } = spawnSync('git', words, { cwd: tree });
    if (status !== 0) throw new Error(`git ${words.join(' ')} ended with ${status}`);
  }
  return Math.min(peers, count) / ((performance.now() - began) / 1000);
}

function rowOf(command: string, perSecond: number, peer: number) {
  return {
    command,
    'environments / s': perSecond.toFixed(0),
    '÷ peer': (perSecond / peer).toFixed(2),
    '÷ goal': (perSecond / goal).toFixed(1),
  };
}

function valueOf(flag: string): string | undefined {
  const at = process.argv.indexOf(flag);
  return at < 0 ? undefined : process.argv[at + 1];
}
