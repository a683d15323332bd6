import type { Work } from '../deploy/journal-entries.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import type { StopAsk } from '../model/traffic-stop.ts';
import type { TargetStops } from '../targets/target.ts';
import type { AgentListener } from './events.ts';
import { keptWorks, type KnownWorks } from './keep/kept-works.ts';
import type { MakeTarget } from './run.ts';

export interface StopTrafficAsk {
  readonly environment: string;
  /** `null`: every service of the environment on this host. */
  readonly target: string | null;
  /** What stops it, or what kind of stop is over. */
  readonly stop: StopAsk | { readonly lift: StopAsk['kind'] };
  /** Who says so. */
  readonly by: string;
}

/**
 * Stops the traffic of services on this host by hand, or lets it go; gives the targets that were meant.
 * Rejects with nothing changed where one of them has no proxy, or has one that cannot do it.
 */
export type StopTraffic = (asked: StopTrafficAsk) => Promise<readonly string[]>;

interface StopWorld {
  readonly host: string;
  readonly notebook: KnownWorks;
  readonly makeTarget: MakeTarget;
  readonly on: AgentListener;
}

/** It waits for no deployment: people who stop the traffic mean at once. */
export function createStopTraffic(world: StopWorld): StopTraffic {
  return async ({ environment, target, stop, by }) => {
    const services = await servicesOf(environment, target, world);
    const kind = 'lift' in stop ? stop.lift : stop.kind;
    for (const { stops } of services) await stops.check(kind);
    for (const { work, stops } of services) {
      await ('lift' in stop ? stops.lift(kind) : stops.set(stop, by));
      world.on({ kind: 'by-hand', work, by, message: wordsOf(stop) });
    }
    return services.map(({ work }) => work.target);
  };
}

/** One after the other, each with what it may be stopped by; at least one. */
async function servicesOf(
  environment: string,
  target: string | null,
  { host, notebook, makeTarget }: StopWorld,
) {
  const isMeant = (work: Work) => target === null || work.target === target;
  const works = keptWorks(environment, host, notebook);
  const meant = works.filter(isMeant);
  if (meant.length === 0) throw noService(environment, target, works, notebook);
  const services: { readonly work: Work; readonly stops: TargetStops }[] = [];
  for (const work of meant) {
    const { stops } = await makeTarget(work, () => undefined);
    if (stops) services.push({ work, stops });
  }
  if (services.length === 0) throw noService(environment, target, [], notebook);
  return services;
}

function wordsOf(stop: StopTrafficAsk['stop']): string {
  if ('lift' in stop) return stop.lift === 'hold' ? 'requests go on' : 'maintenance is over';
  if (stop.kind === 'maintenance') return 'maintenance begins';
  return `requests are held, each for ${stop.forMs / 1000} s at the most`;
}

function noService(
  environment: string,
  target: string | null,
  services: readonly Work[],
  notebook: KnownWorks,
): SallyportError {
  const status = `See what runs here: sallyport status ${environment}`;
  const other = notebook.latest(environment).find((work) => work.target === target);
  if (other) {
    return new SallyportError({
      code: 'no_proxy',
      message: `${target} is of the kind ${other.config.kind}: no proxy stands before it.`,
      hint: status,
      exit: exitCodes.refused,
    });
  }
  const names = services.map((work) => work.target);
  const close = target === null ? undefined : nearest(target, names);
  return new SallyportError({
    code: 'target_unknown',
    message:
      target === null
        ? `No service was deployed to ${environment} on this host.`
        : `No service ${target} was deployed to ${environment} on this host.`,
    hint: close === undefined ? status : `Did you mean ${close}?`,
    exit: exitCodes.notFound,
  });
}
