import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../acceptance/wait.ts';
import type { Deployment, KilledHost } from './host.ts';
import { processesIn } from './processes.ts';

/** Of the policy: `keep`, and what two slots and a deployment may need besides. */
const mostReleases = 4;

const ends = [
  'completed',
  'rolled-back',
  'failed',
  'rejected',
  'cancelled',
  'superseded',
  'skipped',
];

/** Waits until every deployment has ended, as the host's history tells it; every way back leads back. */
export async function settle(host: KilledHost): Promise<void> {
  let seen: readonly Deployment[] = [];
  const isOver = async (): Promise<boolean> => {
    seen = await host.history();
    return seen.length > 0 && seen.every(({ state }) => ends.includes(state));
  };
  const facts = () => seen.map(({ id, state, reason }) => `${id} ${state} ${reason}`).join('\n');
  await until('every deployment has ended', isOver, { facts });
  if (seen.some(({ reason }) => reason === 'rollback_failed')) throw new Error(facts());
}

/** One slot is live and healthy, and the history is whole. */
export async function expectWhole(
  host: KilledHost,
  { before, wanted }: { readonly before: string; readonly wanted: string | null },
): Promise<void> {
  const live = await host.version();
  const may = wanted === 'any' ? host.releases.map(({ version }) => version) : [before, wanted];
  if (!may.includes(live)) throw new Error(`${live} is live, not one of ${may.join(', ')}`);
  const slot = await host.liveSlot();
  if (slot !== 'blue' && slot !== 'green') throw new Error(`the traffic goes to ${slot}`);
  const checked = await host.type('history', 'verify', '--state', host.state);
  if (checked.json?.['whole'] !== true) throw new Error(`the history is damaged: ${checked.text}`);
  await until('the live slot is healthy', async () => (await healthOf(host)) === 'healthy', {
    withinMs: 15_000,
  });
}

/** Whatever a killed agent left is gone once the next deployment is over. */
export async function expectNothingLeft(host: KilledHost): Promise<void> {
  await until('nothing is left over', () => leftOvers(host).length === 0, {
    withinMs: 6_000,
    facts: () => leftOvers(host).join('\n'),
  });
}

async function healthOf(host: KilledHost): Promise<string> {
  const { json } = await host.type('status', 'production');
  const [environment] = (json?.['environments'] ?? []) as { readonly health: string }[];
  return environment?.health ?? 'none';
}

/** What should not be there: half-written files, too many releases, programs that nobody looks after. */
function leftOvers(host: KilledHost): readonly string[] {
  const names = readdirSync(host.state, { recursive: true }).map(String);
  const halves = names.filter(
    (name) =>
      /(\.new|\.incoming|\.next\.json)$/.test(name) || /\.lock\.\d+\.[0-9a-f-]{36}$/.test(name),
  );
  const releases = readdirSync(join(host.state, 'releases', 'production', 'web'));
  const tooMany = releases.length > mostReleases ? [`${releases.length} releases`] : [];
  const programs = processesIn(host.state);
  const units = programs.flatMap(({ unit }) => (unit === null ? [] : [unit]));
  const twice = units.filter((unit, at) => units.indexOf(unit) !== at);
  const strays = programs.filter(
    ({ unit, command }) => unit === null && !/\bproxy(?:\.js)? --state /.test(command),
  );
  const proxies = programs.filter(({ command }) => /\bproxy(?:\.js)? --state /.test(command));
  return [
    ...halves,
    ...tooMany,
    ...twice.map((unit) => `two programs of ${unit}`),
    ...strays.map(({ pid, command }) => `${pid} ${command}`),
    ...(proxies.length > 1 ? [`${proxies.length} proxies`] : []),
  ];
}
