import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { journalctl } from '../upkeep/systemctl.ts';
import { agentUnitName, proxyUnitName } from '../upkeep/unit-names.ts';
import { textOption } from './option-values.ts';
import { printJson } from './output.ts';
import { findInstallation } from './upkeep-place.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** What the agent and the embedded proxy wrote to the journal; with `--follow` until it is interrupted. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const { machine } = await world.parts.upkeep();
  const { place } = await findInstallation(args, machine, world);
  const follow = args.options['follow'] === true && !args.json;
  const units = [agentUnitName, proxyUnitName];
  const command = journalctl(place.scope, units, { follow, lines: linesOption(args) });
  if (args.json) {
    const { status, stdout, stderr } = await machine.run(command);
    if (status !== 0) throw failed(status, stderr.trim());
    printJson(world, { lines: stdout.split('\n').slice(0, -1) });
    return exitCodes.done;
  }
  const status = await machine.show(command);
  // Ctrl-C is how following ends.
  if (status === 0 || (follow && (status === 'SIGINT' || status === 130))) return exitCodes.done;
  throw failed(status, '');
}

function linesOption(args: Args): number {
  const text = textOption(args, 'lines') ?? '100';
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new SallyportError({
    code: 'usage',
    message: `--lines ${text} is not a number of lines.`,
    hint: '--lines 100',
    exit: exitCodes.usage,
  });
}

function failed(status: number | string, said: string): SallyportError {
  return new SallyportError({
    code: 'journal_unreadable',
    message: `The journal could not be read: ${said || `journalctl ended with ${status}`}.`,
    hint: 'Read it as root, with sudo; without systemd the agent logs to its standard error.',
  });
}
