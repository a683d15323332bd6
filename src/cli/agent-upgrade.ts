import { resolve } from 'node:path';
import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { parsePublicKey } from '../model/keys.ts';
import { agentUnitName } from '../upkeep/unit-names.ts';
import { systemctl } from '../upkeep/systemctl.ts';
import { packagedAt } from '../upkeep/upgrade/place.ts';
import { goBack, upgrade, type UpgradeWorld, type Upgraded } from '../upkeep/upgrade/upgrade.ts';
import { Versions } from '../upkeep/upgrade/versions.ts';
import { printJson } from './output.ts';
import { askStatus } from './until-answers.ts';
import { requireInstallation } from './upkeep-place.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Brings another version into force, and takes it back where its agent does not get healthy. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const { words, options, json } = args;
  const isBack = options['back'] === true;
  const [path] = words;
  if (isBack === (path !== undefined)) {
    throw new SallyportError({
      code: 'usage',
      message: 'It takes a package, or --back; not both.',
      hint: 'sallyport agent upgrade --help',
      exit: exitCodes.usage,
    });
  }
  const upkeep = await openUpgrade(args, world);
  const done = isBack
    ? await goBack(upkeep)
    : await upgrade(resolve(world.cwd, path!), options['allowDowngrade'] === true, upkeep);
  if (json) printJson(world, { ...done });
  else world.stdout.write(`${wordsOf(done)}\n`);
  return exitCodes.done;
}

async function openUpgrade(args: Args, world: World): Promise<UpgradeWorld> {
  const { machine, clock } = await world.parts.upkeep();
  const packaged = packagedAt(process.execPath);
  if (!packaged) throw notPackaged(process.execPath);
  const { place, config } = await requireInstallation(args, machine, world);
  const restart = systemctl(place.scope, 'restart', '--no-block', agentUnitName);
  return {
    versions: new Versions(packaged.prefix, machine),
    trusted: config.upgrade.keys.map(parsePublicKey),
    signatureOf: (path) => machine.read(`${path}.sig`),
    restart: async () => {
      const { status, stderr } = await machine.run(restart);
      const [said] = stderr.trim().split('\n');
      if (status !== 0) throw new Error(said || `${restart.join(' ')}: ${status}`);
    },
    look: async () => (await askStatus(config.state))?.agent ?? null,
    clock,
    tell: (line) => void (args.json || world.stderr.write(`${line}\n`)),
  };
}

function wordsOf({ from, to, unchanged }: Upgraded): string {
  if (unchanged) return `${to} counts here already.`;
  return from === null ? `${to} counts now.` : `${to} counts now, after ${from}.`;
}

function notPackaged(node: string): SallyportError {
  return new SallyportError({
    code: 'not_packaged',
    message: `This program runs from ${node}, which no package put there.`,
    hint: 'Install a package first (docs/upgrade.md), or bring the new version where this one came from.',
    exit: exitCodes.usage,
  });
}
