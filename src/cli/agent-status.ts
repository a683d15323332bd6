import { exitCodes, type ExitCode } from '../model/errors.ts';
import type { Machine } from '../ports/machine.ts';
import type { EnvironmentJson, StatusJson, StopJson } from '../report/status-json.ts';
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
    const environments = (status?.environments ?? []).map((environment) => {
      const { name, health, sync } = environment;
      return { name, health, sync, stops: stopsOf(environment) };
    });
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
  const ago = (at: string): string => durationInWords(now - Date.parse(at));
  lines.push(
    row('answer', `${agent.host}, version ${agent.version}, up for ${ago(agent.since)}`),
    row(
      'source',
      `${agent.source}, ${agent.connected ? green('connected') : red(agent.problem ?? 'not asked yet')}`,
    ),
    row('last poll', agent.last_sync === null ? 'never' : `${ago(agent.last_sync)} ago`),
    ...environments.flatMap((environment) => [
      row(environment.name, `${environment.health}, ${environment.sync}`),
      ...stopsOf(environment).map(({ target, kind, by, since }) => {
        const what = `${target}: ${kind === 'hold' ? 'requests are held' : 'in maintenance'}`;
        const age = since === null ? '' : ` for ${ago(since)}`;
        return row('', `${what}${by === null ? '' : ` by ${by}`}${age}`);
      }),
    ]),
  );
  return `${lines.join('\n')}\n`;
}

/** How people stopped the traffic of its targets by hand. */
function stopsOf({ hosts }: EnvironmentJson): readonly (StopJson & { readonly target: string })[] {
  return hosts.flatMap(({ targets }) =>
    targets.flatMap(({ name: target, stops = [] }) => stops.map((stop) => ({ target, ...stop }))),
  );
}

/** What of a unit's main process is in memory; `null` where it does not run, or may not be asked. */
async function residentBytes({ pid }: UnitState, machine: Machine): Promise<number | null> {
  if (pid === null) return null;
  const status = await machine.read(`/proc/${pid}/status`);
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}
