import { exitCodes, type ExitCode } from '../model/errors.ts';
import type { Machine } from '../ports/machine.ts';
import type { StatusJson } from '../report/status-json.ts';
import { durationInWords } from '../report/words.ts';
import { readUnits, showUnits, type UnitState } from '../upkeep/systemctl.ts';
import { agentUnitName, proxyUnitName } from '../upkeep/unit-names.ts';
import { coloursOf } from './output.ts';
import { askStatus } from './until-answers.ts';
import { requireInstallation } from './upkeep-place.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** What systemd says of the agent, and what it says of itself. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const { machine, clock } = await world.parts.upkeep();
  const { place, config } = await requireInstallation(args, machine, world);
  const shown = await machine.run(showUnits(place.scope, [agentUnitName, proxyUnitName]));
  const units = readUnits(shown.status === 0 ? shown.stdout : '').filter(
    ({ loaded }) => loaded === 'loaded',
  );
  const status = await askStatus(config.state);
  const seen = {
    units: await Promise.all(
      units.map(async (unit) => ({ ...unit, rss: await residentBytes(unit, machine) })),
    ),
    status,
  };
  if (args.json) {
    const environments = (status?.environments ?? []).map(({ name, health, sync }) => ({
      name,
      health,
      sync,
    }));
    const document = {
      schema: 1,
      ok: status !== null,
      units: seen.units,
      agent: status?.agent ?? null,
      environments,
    };
    world.stdout.write(`${JSON.stringify(document)}\n`);
  } else world.stdout.write(textOf(seen, world, clock.now()));
  return status === null ? exitCodes.unreachable : exitCodes.done;
}

interface Seen {
  readonly units: readonly (UnitState & { readonly rss: number | null })[];
  readonly status: StatusJson | null;
}

function textOf({ units, status }: Seen, world: World, now: number): string {
  const { dim, green, red } = coloursOf(world.stdout, world.env);
  const row = (name: string, text: string): string => `${dim(name.padEnd(12))} ${text}`;
  const lines = units.map(({ unit, active, sub, enabled, pid, restarts, rss }) => {
    const paint = active === 'active' ? green : red;
    const facts = [
      `${paint(active)} (${sub})`,
      enabled,
      ...(pid === null ? [] : [`process ${pid}`]),
      ...(rss === null ? [] : [`${Math.round(rss / 1e6)} MB`]),
      ...(restarts > 0 ? [`started again ${restarts} times`] : []),
    ];
    return row(unit.replace(/^sallyport-|\.service$/g, ''), facts.join(', '));
  });
  if (units.length === 0) lines.push(row('systemd', 'there is no unit: sallyport agent install'));
  const { agent, environments = [] } = status ?? {};
  if (!agent)
    return `${[...lines, row('answer', red('none')), `${dim('next:')} sallyport agent doctor`].join('\n')}\n`;
  const since = (at: string): string => durationInWords(now - Date.parse(at));
  lines.push(
    row('answer', `${agent.host}, version ${agent.version}, up for ${since(agent.since)}`),
    row(
      'source',
      `${agent.source}, ${agent.connected ? green('connected') : red(agent.problem ?? 'not asked yet')}`,
    ),
    row('last poll', agent.last_sync === null ? 'never' : `${since(agent.last_sync)} ago`),
    ...environments.map(({ name, health, sync }) => row(name, `${health}, ${sync}`)),
  );
  return `${lines.join('\n')}\n`;
}

/** What of a unit's main process is in memory; `null` where it does not run, or may not be asked. */
async function residentBytes({ pid }: UnitState, machine: Machine): Promise<number | null> {
  if (pid === null) return null;
  const status = await machine.read(`/proc/${pid}/status`);
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}
