import { expect, test } from 'vitest';
import { openStore } from '../../src/adapters/store/open-store.ts';
import { Answer } from '../../src/app/answer.ts';
import type { CommentWriter } from '../../src/app/ports.ts';
import { SallyportError } from '../../src/model/errors.ts';

function makeWriter() {
  const comments = new Map<number, string>();
  const writer: CommentWriter = {
    say: (_issue, body) => {
      const id = 100 + comments.size;
      comments.set(id, body);
      return Promise.resolve(id);
    },
    edit: (id, body) => {
      const gone = new SallyportError({ code: 'github_not_found', message: 'gone' });
      if (comments.get(id) === 'deleted') return Promise.reject(gone);
      comments.set(id, body);
      return Promise.resolve();
    },
  };
  return { writer, comments };
}

const texts = ({ comments }: ReturnType<typeof makeWriter>) => [...comments.values()];

test('a command that is tried again edits the answer that it has', async () => {
  const github = makeWriter();
  const place = { memory: await openStore({ kind: 'memory' }), key: 'answer 1 2 3' };
  const answer = () => new Answer(github.writer, 1, place);
  const first = answer();
  first.begin('looking …');
  await first.write('refused');
  expect(texts(github)).toEqual(['refused']);

  const second = answer();
  second.begin('looking …');
  expect(await second.id()).toBe(100);
  expect(texts(github)).toEqual(['refused']);
  await second.write('done');
  await answer().write('done once more');
  expect(texts(github)).toEqual(['done once more']);

  github.comments.set(100, 'deleted');
  await answer().write('anew');
  expect(texts(github)).toEqual(['deleted', 'anew']);
});

test('without a place each try answers', async () => {
  const github = makeWriter();
  await new Answer(github.writer, 1).write('one');
  await new Answer(github.writer, 1).write('two');
  expect(texts(github)).toEqual(['one', 'two']);
});
