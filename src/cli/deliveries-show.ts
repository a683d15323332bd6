import { exitCodes, type ExitCode } from '../model/errors.ts';
import { withoutTricks } from '../report/escape.ts';
import { printJson } from './output.ts';
import type { Args } from './verb.ts';
import { deliveryJson, noSuchDelivery, withStore } from './with-store.ts';
import type { World } from './world.ts';

/** Shows a webhook with its payload, as GitHub sent it. */
export async function run({ words, json }: Args, world: World): Promise<ExitCode> {
  const id = words[0]!;
  const item = await withStore(world, ({ inbox }) => inbox.show(id));
  if (!item) throw noSuchDelivery(id);
  const payload = JSON.parse(item.body) as unknown;
  if (json) {
    printJson(world, { delivery: { ...deliveryJson(item), payload } });
    return exitCodes.done;
  }
  const facts = Object.entries(deliveryJson(item)).filter(([, value]) => value !== null);
  const lines = facts.map(([name, value]) => `${name.replaceAll('_', ' ')}: ${value}`);
  const text = [...lines, '', JSON.stringify(payload, null, 2)].join('\n');
  world.stdout.write(`${withoutTricks(text)}\n`);
  return exitCodes.done;
}
