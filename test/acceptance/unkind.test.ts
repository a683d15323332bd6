import { describe, expect, test } from 'vitest';
import { usePlace } from '../support/acceptance/place.ts';
import { crashingRelease, release } from '../support/acceptance/repository.ts';
import { ask, visit } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';

const seeds = process.env['SALLYPORT_LONG'] === '1' ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 6];

describe.each(seeds)('while GitHub is unkind (seed %i)', (seed) => {
  const place = usePlace({ unkind: seed });

  test('deploy, a broken release, and rollback end as they do on a good day', async () => {
    const { talk, ports } = place();
    const pull = await talk.openPull('greet', release('1.1.0'));
    const first = await talk.run(pull, '/deploy production');
    expect(endOf(first)).toBe('success');
    const visits = visit(ports.production);
    await talk.push('greet', release('1.2.0'));
    expect(endOf(await talk.run(pull, '/deploy production'))).toBe('success');
    expect(await ask(ports.production, '/version')).toBe('200 1.2.0');

    await talk.push('greet', crashingRelease('1.3.0'));
    const broken = await talk.run(pull, '/deploy production');
    expect(endOf(broken)).toBe('failure');
    expect(await ask(ports.production, '/version')).toBe('200 1.2.0');

    const back = await talk.run(pull, '/rollback production');
    expect(endOf(back)).toBe('success');
    expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
    expect((await visits.stop()).failed).toEqual([]);
    await talk.answerSays(back, '**completed**');
    await talk.answerSays(broken, '**rolled-back**');
  });
});
