import { hostname } from 'node:os';
import type { AgentConfig } from '../config/agent.ts';
import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import type { Machine } from '../ports/machine.ts';
import { driverIn, isInHome, type ManagerInit } from '../upkeep/agent-unit.ts';
import { carryOut } from '../upkeep/carry-out.ts';
import { isFit, type Found } from '../upkeep/doctor/examine.ts';
import { firstConfig } from '../upkeep/first-config.ts';
import { describeStep } from '../upkeep/install-steps.ts';
import { lingerPath } from '../upkeep/linger.ts';
import { look } from '../upkeep/look.ts';
import type { UpkeepParts } from '../upkeep/parts.ts';
import { agentUnitPath } from '../upkeep/place.ts';
import { planInstall, type InstallPlan } from '../upkeep/plan-install.ts';
import { agentUnitName } from '../upkeep/unit-names.ts';
import { wantedOf, type Wanted } from '../upkeep/wanted.ts';
import { driverOption } from './agent-doctor.ts';
import { bashCompletion } from './completion-scripts.ts';
import { examineHost, printFindings } from './examine-host.ts';
import { textOption } from './option-values.ts';
import { coloursOf } from './output.ts';
import { findInstallation, parseConfig, type Installation } from './upkeep-place.ts';
import type { Args, Verb, VerbModule } from './verb.ts';
import type { World } from './world.ts';
import { untilAnswers } from './until-answers.ts';

/** The verb that writes the completion of all verbs, its own too. */
export function installOf(verbs: () => readonly Verb[]): VerbModule {
  return { run: (args, world) => install(args, world, verbs()) };
}

/** Says what it will do, does it once somebody said yes, and looks whether all is well. */
async function install(args: Args, world: World, verbs: readonly Verb[]): Promise<ExitCode> {
  const parts = await world.parts.upkeep();
  const { machine } = parts;
  const found = await findInstallation(args, machine, world);
  const first = found.config ? null : firstConfig(wordsOf(args), found.place, driverOption(args));
  const config = found.config ?? parseConfig(first!, found.place.config);
  const installation = { ...found, config };
  refuseHidden(installation, parts);
  const inits = await initsFor(args, installation, machine);
  const wanted = await wantedFor(installation, first, args, parts, inits, verbs);
  const seen = await look(wanted, machine, config.state);
  const plan = planInstall(wanted, seen, config.state, machine.me.uid);

  if (!args.json) printPlan(plan, world);
  const isAgreed = plan.steps.length === 0 || (await agree(args, parts));
  if (!isAgreed) {
    if (args.json) printDocument(plan, { done: false, findings: [] }, world);
    else if (!parts.confirm) world.stdout.write('Nothing was done; --yes does it.\n');
    return exitCodes.done;
  }
  await carryOut(plan.steps, {
    machine,
    user: found.user,
    isOwn: found.place.scope === 'user',
    on: (step) =>
      world.stderr.write(`${coloursOf(world.stderr, world.env).dim('…')} ${describeStep(step)}\n`),
  });
  if (isStarted(plan)) await untilAnswers(config.state, parts.clock);
  const findings = await examineHost(installation, parts, asked(args));
  if (args.json) printDocument(plan, { done: true, findings }, world);
  else printFindings(findings, world);
  return isFit(findings) ? exitCodes.done : exitCodes.failed;
}

function wordsOf(args: Args) {
  const source = textOption(args, 'source');
  if (source === null) {
    throw new SallyportError({
      code: 'source_missing',
      message: 'There is no agent.yml yet, and nothing says what to deploy.',
      hint: 'sallyport agent install --source acme/shop --environment production',
      exit: exitCodes.usage,
    });
  }
  return {
    name: textOption(args, 'name') ?? hostname().split('.')[0]!,
    environments: textOption(args, 'environment')?.split('\n') ?? ['production'],
    source,
    trust: textOption(args, 'trust'),
  };
}

/** A unit of the whole machine does not see homes: a program that lives there would not start. */
function refuseHidden({ place }: Installation, { program }: UpkeepParts): void {
  const hidden = [program.node, program.cli].find(isInHome);
  if (place.scope === 'user' || hidden === undefined) return;
  throw new SallyportError({
    code: 'program_in_home',
    message: `${hidden} is in a home folder, which the agent's unit may not see.`,
    hint: 'Install the package, or unpack it below /opt; or install for yourself: --scope user',
    exit: exitCodes.usage,
  });
}

async function wantedFor(
  { place, user, config }: Installation & { readonly config: AgentConfig },
  first: string | null,
  args: Args,
  { program, machine }: UpkeepParts,
  inits: readonly ManagerInit[],
  verbs: readonly Verb[],
): Promise<Wanted> {
  const facts = {
    scope: place.scope,
    user,
    config,
    configPath: place.config,
    program,
    inits,
    driver: await driverFor(args, place, machine),
  };
  return wantedOf(place, facts, {
    firstConfig: first,
    completion: bashCompletion(verbs),
  });
}

/** The one that was asked for, else as an earlier run has set it up. */
async function driverFor(args: Args, place: Installation['place'], machine: Machine) {
  const asked = driverOption(args);
  if (asked !== null) return asked;
  return driverIn((await machine.read(agentUnitPath(place))) ?? '') ?? 'builtin';
}

/** The one that was asked for, and those that an earlier run has set up. */
async function initsFor(
  args: Args,
  { place, user }: Installation,
  machine: Machine,
): Promise<readonly ManagerInit[]> {
  const asked = textOption(args, 'init');
  if (asked !== null && asked !== 'process' && asked !== 'systemd' && asked !== 'systemd-user') {
    throw new SallyportError({
      code: 'usage',
      message: `--init ${asked} is nothing that Sallyport starts services with.`,
      hint: '--init process, systemd or systemd-user',
      exit: exitCodes.usage,
    });
  }
  const isThere = async (path: string | null): Promise<boolean> =>
    path !== null && (await machine.facts(path).catch(() => null)) !== null;
  return [
    ...(asked === 'systemd' || (await isThere(place.polkit)) ? (['systemd'] as const) : []),
    ...(asked === 'systemd-user' || (await isThere(lingerPath(user)))
      ? (['systemd-user'] as const)
      : []),
  ];
}

function printPlan({ steps, notes }: InstallPlan, world: World): void {
  const { dim } = coloursOf(world.stdout, world.env);
  const lines = [
    steps.length === 0 ? 'All is in place; there is nothing to do.' : 'This will:',
    ...steps.map((step, at) => `${String(at + 1).padStart(3)}. ${describeStep(step)}`),
    ...notes.flatMap(({ message, hint }) => ['', message, `${dim('next:')} ${hint}`]),
    '',
  ];
  world.stdout.write(`${lines.join('\n')}\n`);
}

function printDocument(
  { steps, notes }: InstallPlan,
  { done, findings }: { readonly done: boolean; readonly findings: readonly Found[] },
  world: World,
): void {
  const plan = steps.map(describeStep);
  const document = { schema: 1, ok: isFit(findings), done, plan, notes, findings };
  world.stdout.write(`${JSON.stringify(document)}\n`);
}

/** With `--json` nobody is asked. */
async function agree(args: Args, { confirm }: UpkeepParts): Promise<boolean> {
  if (args.options['yes'] === true) return true;
  return !args.json && confirm !== null && (await confirm('Do it?'));
}

function isStarted({ steps }: InstallPlan): boolean {
  return steps.some(
    (step) => step.kind === 'run' && step.command.at(-1) === agentUnitName && step.why !== '',
  );
}

function asked(args: Args) {
  const driver = driverOption(args);
  return driver === null ? [] : [driver];
}
