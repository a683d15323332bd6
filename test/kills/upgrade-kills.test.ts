import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { faultKinds, type FaultPlan, planVariable } from '../support/kills/fault-plan.ts';
import { useVersion } from '../support/kills/use-version.ts';

const support = join(import.meta.dirname, '../support/kills');

// What is done right before one moment is lost right before the next.
const kinds = process.env['SALLYPORT_LONG'] === '1' ? faultKinds : (['lost', 'full-once'] as const);

test.concurrent.each(kinds)(
  'an upgrade that is killed or has no room at any change of a file (%s) leaves a whole version in force, and the next one goes through',
  async (kind) => {
    let moment = 1;
    while (await survives({ id: '1', kind, at: moment })) moment += 1;
    // Two links, each made aside and renamed.
    expect(moment).toBeGreaterThan(4);
  },
  120_000,
);

/** Whether the upgrade came as far as that moment. */
async function survives(plan: FaultPlan): Promise<boolean> {
  const prefix = mkdtempSync(join(tmpdir(), 'sp-versions-'));
  try {
    for (const version of ['1.0.0', '2.0.0', '3.0.0']) {
      mkdirSync(join(prefix, 'versions', version, 'bin'), { recursive: true });
    }
    mkdirSync(join(prefix, 'versions', '.incoming'));
    symlinkSync('versions/1.0.0', join(prefix, 'previous'));
    symlinkSync('versions/2.0.0', join(prefix, 'current'));
    await use(prefix, plan);
    const current = basename(realpathSync(join(prefix, 'current')));
    expect(['2.0.0', '3.0.0'], said(plan)).toContain(current);
    expect(existsSync(join(prefix, 'current', 'bin')), said(plan)).toBe(true);
    const hit = existsSync(join(prefix, 'plan.json.hits'));
    await useVersion(prefix, '3.0.0', '2.0.0');
    expect(readlinkSync(join(prefix, 'current'))).toBe('versions/3.0.0');
    const names = readdirSync(prefix).filter((name) => !name.startsWith('plan.json'));
    expect(names, said(plan)).toEqual(['current', 'previous', 'versions']);
    expect(readdirSync(join(prefix, 'versions')), said(plan)).toEqual(['2.0.0', '3.0.0']);
    expect(readlinkSync(join(prefix, 'previous')), said(plan)).toBe('versions/2.0.0');
    return hit;
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
}

/** As a process of its own, which the plan may end. */
async function use(prefix: string, plan: FaultPlan): Promise<void> {
  const path = join(prefix, 'plan.json');
  writeFileSync(path, JSON.stringify(plan));
  const words = [`--import=${join(support, 'faults.ts')}`, join(support, 'use-version-main.ts')];
  const child = spawn(process.execPath, [...words, prefix, '3.0.0', '2.0.0'], {
    env: { [planVariable]: path },
    stdio: 'ignore',
  });
  await once(child, 'exit');
}

function said(plan: FaultPlan): string {
  return JSON.stringify(plan);
}
