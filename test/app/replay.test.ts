import { expect, test } from 'vitest';
import type { CommentEvent } from '../../src/app/events/comment.ts';
import { handleIssueComment } from '../../src/app/issue-comment.ts';
import { SallyportError } from '../../src/model/errors.ts';
import { keptMemory } from '../support/kept-memory.ts';
import { commentOf } from './app-bench.ts';
import { ada, mona, peopleBench } from './people-bench.ts';

/** An App with a store: every comment can be delivered to it again. */
function replayBench(require?: string) {
  const bench = peopleBench(require);
  const world = { ...bench.world, answers: keptMemory() };
  const deliver = (event: CommentEvent) => handleIssueComment(event, () => Promise.resolve(world));
  let comment = 500;
  const type = async (body: string, author = ada) => {
    await bench.ledgers.clock.sleep(60_000);
    const event = commentOf(body, {
      comment: (comment += 1),
      at: bench.ledgers.clock.now(),
      author,
    });
    await deliver(event);
    return event;
  };
  return { ...bench, world, deliver, type };
}

test.each([
  ['/cancel production', 'cancelled'],
  ['/reject production', 'rejected'],
])('%s, delivered again, does not end what was asked for since', async (words, state) => {
  const bench = replayBench();
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  const event = await bench.type(words);
  expect(await bench.view(1)).toMatchObject({ state });
  await bench.type('/deploy production', mona);
  await bench.planned(2);
  const before = bench.comments.length;
  await bench.deliver(event);
  expect(await bench.view(2)).toMatchObject({ state: 'awaiting-approval' });
  expect(bench.comments).toHaveLength(before);
});

test('what was refused when it was typed stays refused', async () => {
  const bench = replayBench('{}');
  const event = await bench.type('/cancel production');
  await bench.type('/deploy production', mona);
  await bench.deliver(event);
  expect(await bench.view(1)).toMatchObject({ over: false });
});

test('what GitHub kept from being heard is heard when it comes again', async () => {
  const bench = replayBench('{}');
  await bench.type('/deploy production', mona);
  const { ledger } = bench.world;
  const append = ledger.append.bind(ledger);
  ledger.append = () => {
    throw new SallyportError({ code: 'github_unreachable', message: 'away', next: 'retry' });
  };
  const event = commentOf('/cancel production', { comment: 600, author: ada });
  await expect(bench.deliver(event)).rejects.toThrow('away');
  ledger.append = append;
  await bench.deliver(event);
  expect(await bench.view(1)).toMatchObject({ state: 'cancelled' });
});
