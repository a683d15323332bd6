import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CommandConfig } from '../../../src/config/command.ts';
import { createCommandTarget } from '../../../src/targets/command/create-target.ts';
import { contextOf, openCommandBench, runAll } from '../../support/command-bench.ts';
import { shaOf } from '../../support/service-bench.ts';

const { signal } = new AbortController();
const tofu = ['tofu', 'terraform'].find((name) => spawnSync(name, ['version']).status === 0);

const configurationOf = (who: string) => `
  terraform {
    backend "local" {}
  }
  resource "terraform_data" "one" { input = "${who}" }
  resource "terraform_data" "two" { triggers_replace = "${who}" }
  output "who" { value = terraform_data.one.output }
  output "hidden" {
    value     = "hidden-${who}"
    sensitive = true
  }`;

/** The recipe of the docs, with a state file outside of the release instead of a remote backend. */
function recipe(folder: string): CommandConfig {
  const state = join(folder, 'terraform.tfstate');
  const unattended = ['-input=false', '-lock-timeout=1m'];
  return CommandConfig.parse({
    kind: 'command',
    path: 'infra',
    env: { clear: { TF_IN_AUTOMATION: '1' } },
    prepare: { run: [tofu, 'init', '-input=false', `-backend-config=path=${state}`] },
    plan: {
      run: [tofu, 'plan', ...unattended, '-detailed-exitcode', '-out={plan_file}'],
      show: [tofu, 'show', '-json', '{plan_file}'],
      format: 'opentofu',
    },
    apply: { run: [tofu, 'apply', ...unattended, '{plan_file}'] },
    outputs: { run: [tofu, 'output', '-json'] },
    rollback: {
      run: [tofu, '-chdir={previous_release}/infra', 'apply', ...unattended, '-auto-approve'],
    },
  });
}

test.skipIf(tofu === undefined)(
  'the recipe, with the real program: planned, applied, refused when stale, taken back',
  { timeout: 120_000 },
  async () => {
    await using bench = await openCommandBench();
    const { folder } = bench;
    await bench.commit('a', { 'infra/main.tf': configurationOf('a') });
    await bench.commit('b', { 'infra/main.tf': configurationOf('b') });
    await bench.commit('c', { 'infra/main.tf': configurationOf('c') });
    const targetOf = (letters: string, deployment: number) => {
      const change = { sha: shaOf(letters), deployment };
      return createCommandTarget(contextOf(folder, recipe(folder), change).context);
    };

    const first = targetOf('a', 1);
    const { changes } = await first.plan(signal);
    expect(changes.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      'add output.hidden',
      'add output.who',
      'add terraform_data.one',
      'add terraform_data.two',
    ]);
    await runAll([...first.steps, ...first.settle]);
    expect(await first.outputs!()).toEqual({ who: 'a' });
    expect((await first.plan(signal, true)).changes).toEqual([]);

    const second = targetOf('b', 2);
    const stale = targetOf('b', 3);
    const plan = await second.plan(signal);
    await stale.plan(signal);
    expect(plan).toMatchObject({ risk: 'high' });
    expect(plan.changes).toContainEqual({
      action: 'modify',
      resource: 'terraform_data.two',
      fields: ['triggers_replace'],
      breaking: true,
      why: 'it is destroyed and made anew: replace because cannot update',
    });
    await runAll(second.steps);
    expect(await second.outputs!()).toEqual({ who: 'b' });
    await expect(runAll(stale.steps)).rejects.toMatchObject({ reason: 'apply_failed' });
    await runAll(stale.rollback);

    const third = targetOf('c', 4);
    await third.plan(signal);
    await runAll(third.steps);
    expect(await third.outputs!()).toEqual({ who: 'c' });
    await runAll(third.rollback);
    expect((await targetOf('b', 5).plan(signal, true)).changes).toEqual([]);
    const log = await readFile(join(folder, 'state/logs/production.topics/2.log'), 'utf8');
    expect(log).toContain('Apply complete');
    expect(log).not.toContain('hidden-b');
  },
);
