import type { StopTrafficAsk } from '../stop-traffic.ts';
import type { ActAnswer, ActRequest } from './act-request.ts';
import type { ActsWorld } from './acts-world.ts';
import { answerOf } from './answer-of.ts';
import { unknownEnvironment } from './issue-errors.ts';

type Asked<Verb extends ActRequest['verb']> = Extract<ActRequest, { verb: Verb }>;

/** People are told a text instead of an answer, until somebody ends it. */
export async function maintenance(
  request: Asked<'maintenance'>,
  world: ActsWorld,
): Promise<ActAnswer> {
  const { message: text } = request;
  if (text === null) return await stopped(request, { lift: 'maintenance' }, 'answers again', world);
  return await stopped(request, { kind: 'maintenance', text }, 'is in maintenance', world);
}

/** New requests wait, each for a time at the most, until somebody lets them go. */
export async function hold(request: Asked<'hold'>, world: ActsWorld): Promise<ActAnswer> {
  const forMs = request.for;
  if (forMs === null) return await stopped(request, { lift: 'hold' }, 'lets requests go on', world);
  const words = `holds new requests, each for ${forMs / 1000} s at the most`;
  return await stopped(request, { kind: 'hold', forMs }, words, world);
}

async function stopped(
  { verb, environment, target, caller }: Asked<'maintenance'> | Asked<'hold'>,
  stop: StopTrafficAsk['stop'],
  words: string,
  { environments, stopTraffic }: ActsWorld,
): Promise<ActAnswer> {
  if (!environments.includes(environment)) throw unknownEnvironment(environment, environments);
  const names = await stopTraffic({ environment, target, stop, by: caller.name });
  const one = target === null ? '' : ` ${target}`;
  return answerOf({
    verb,
    environment,
    deployment: null,
    message: names.map((name) => `${name} in ${environment} ${words}.`).join('\n'),
    next: 'lift' in stop ? null : `sallyport ${verb} ${environment}${one} --off`,
  });
}
