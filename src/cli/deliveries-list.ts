import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import type { ItemSummary } from '../ports/store.ts';
import { textTable } from '../report/text-table.ts';
import { textOption } from './option-values.ts';
import { printJson, widthOf } from './output.ts';
import type { Args } from './verb.ts';
import { deliveryJson, withStore } from './with-store.ts';
import type { World } from './world.ts';

const usualLimit = 50;
const longestLimit = 1_000;

/** Shows the webhooks that the App wrote down, newest first. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const state = args.options['failed'] ? 'failed' : null;
  const most = limitOf(textOption(args, 'limit') ?? String(usualLimit));
  const { items, total } = await withStore(world, ({ inbox }) => inbox.list({ state, most }));
  if (args.json) printJson(world, { deliveries: items.map(deliveryJson), total });
  else world.stdout.write(`${textOf(items, total, widthOf(world))}\n`);
  return exitCodes.done;
}

function textOf(items: readonly ItemSummary[], total: number, width: number): string {
  if (total === 0) return 'There are none.';
  const rows = items.map(({ id, kind, state, attempts, at, error }) => [
    id,
    new Date(at).toISOString().slice(0, 19).replace('T', ' '),
    kind,
    state,
    String(attempts),
    error ?? '',
  ]);
  const table = textTable(['id', 'received', 'event', 'state', 'tries', 'error'], rows, width);
  return total > items.length ? `${table}\n${items.length} of ${total}` : table;
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0 && limit <= longestLimit) return limit;
  throw new SallyportError({
    code: 'usage',
    message: `--limit ${text} is no number from 1 to ${longestLimit}.`,
    hint: `sallyport deliveries list --limit ${usualLimit}`,
    exit: exitCodes.usage,
  });
}
