import type { AgentConfig } from '../config/agent.ts';
import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import type { Machine, User } from '../ports/machine.ts';
import { lingerPath } from '../upkeep/linger.ts';
import type { RunningProgram, UpkeepParts } from '../upkeep/parts.ts';
import { describeUninstall, planUninstall, type UninstallStep } from '../upkeep/plan-uninstall.ts';
import { readUnits, showUnits } from '../upkeep/systemctl.ts';
import { agentUnitName, proxyUnitName } from '../upkeep/unit-names.ts';
import { coloursOf } from './output.ts';
import { findInstallation } from './upkeep-place.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Takes the agent away; what it has deployed runs on unless that is asked for too. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const { options, json } = args;
  const parts = await world.parts.upkeep();
  const { machine } = parts;
  const { place, user, config } = await findInstallation(args, machine, world);
  const shown = await machine.run(showUnits(place.scope, [agentUnitName, proxyUnitName]));
  const running = config ? await parts.running(config) : [];
  const owner = await machine.findUser(user);
  const lingers = owner !== null && (await machine.facts(lingerPath(user))) !== null;
  const plan = planUninstall(
    {
      place,
      user,
      state: config?.state ?? place.state,
      envRoot: config?.env_root ?? place.envRoot,
      units: shown.status === 0 ? readUnits(shown.stdout) : null,
      running: running.map(({ name }) => name),
      hasUser: owner !== null,
      lingeringUid: lingers ? owner.uid : null,
      proxyFolders: await ownFolders(config, owner, machine),
      hasSettings: (await machine.facts(place.settings)) !== null,
    },
    { services: options['services'] === true, purge: options['purge'] === true },
  );

  const steps = plan.steps.map(describeUninstall);
  const print = (done: boolean): void => {
    if (json)
      world.stdout.write(
        `${JSON.stringify({ schema: 1, ok: true, done, plan: steps, left: plan.left })}\n`,
      );
  };
  const { dim } = coloursOf(world.stdout, world.env);
  const listed = [
    'This will:',
    ...steps.map((step, at) => `${String(at + 1).padStart(3)}. ${step}`),
    ...(plan.left.length > 0 ? ['It leaves:', ...plan.left.map((line) => `     ${line}`)] : []),
    '',
  ];
  if (!json) world.stdout.write(`${listed.join('\n')}\n`);
  if (!(await agree(args, parts))) {
    print(false);
    if (!json && !parts.confirm) world.stdout.write('Nothing was done; --yes does it.\n');
    return exitCodes.done;
  }
  for (const step of plan.steps) {
    world.stderr.write(`${dim('…')} ${describeUninstall(step)}\n`);
    await perform(step, running, parts);
  }
  print(true);
  return exitCodes.done;
}

/** The folders of proxies of the host that are the agent's user's: made by `install`, or given to it. */
async function ownFolders(
  config: AgentConfig | null,
  owner: User | null,
  machine: Machine,
): Promise<readonly string[]> {
  if (config === null || owner === null || owner.uid === 0) return [];
  const folders = [config.proxies.nginx.folder, config.proxies.haproxy.folder];
  const facts = await Promise.all(folders.map((folder) => machine.facts(folder)));
  return folders.filter((_, at) => facts[at]?.uid === owner.uid);
}

async function agree({ options, json }: Args, { confirm }: UpkeepParts): Promise<boolean> {
  if (options['yes'] === true) return true;
  return !json && confirm !== null && (await confirm('Do it?'));
}

async function perform(
  step: UninstallStep,
  running: readonly RunningProgram[],
  { machine }: UpkeepParts,
): Promise<void> {
  if (step.kind === 'remove') return await machine.remove(step.path);
  if (step.kind === 'stop-program') {
    return await running.find(({ name }) => name === step.name)?.stop();
  }
  const { status, stderr } = await machine.run(step.command, 120_000);
  if (status === 0) return;
  throw new SallyportError({
    code: 'uninstall_failed',
    message: `${step.command.join(' ')}: ${stderr.trim().split('\n').at(-1) || status}`,
    hint: 'Run it as root, with sudo; what is done already is skipped then.',
  });
}
