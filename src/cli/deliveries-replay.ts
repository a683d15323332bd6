import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { printJson } from './output.ts';
import type { Args } from './verb.ts';
import { noSuchDelivery, withStore } from './with-store.ts';
import type { World } from './world.ts';

/** Has the App act on a webhook once more. What it made before is not made twice. */
export async function run({ words, json }: Args, world: World): Promise<ExitCode> {
  const id = words[0]!;
  await withStore(world, async ({ inbox }) => {
    if (await inbox.replay(id)) return;
    throw (await inbox.show(id)) ? underWay(id) : noSuchDelivery(id);
  });
  if (json) printJson(world, { id, state: 'due' });
  else world.stdout.write('The App acts on it again.\n');
  return exitCodes.done;
}

function underWay(id: string): SallyportError {
  return new SallyportError({
    code: 'delivery_under_way',
    message: `The App acts on ${id} at this moment`,
    hint: `Look what comes of it: sallyport deliveries show ${id}`,
    exit: exitCodes.refused,
  });
}
