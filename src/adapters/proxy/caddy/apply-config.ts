import { isDeepStrictEqual } from 'node:util';
import { SallyportError } from '../../../model/errors.ts';
import { askCaddy, wordsOf, type Answer } from './ask-caddy.ts';
import type { Json, JsonObject } from './snippet.ts';

/** Others may change the configuration at the same time. */
const maxTries = 5;

/**
 * Changes Caddy's configuration as a whole and at once, if nobody else changed it meanwhile; not at
 * all where it is like that already. Caddy checks it first: what it refuses leaves the old one in force.
 */
export async function applyConfig(
  admin: string,
  change: (config: Json) => JsonObject,
): Promise<void> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const before = await askCaddy(admin, { method: 'GET', path: '/config/' });
    if (before.status !== 200) refused(before);
    const next = change(before.body);
    if (isDeepStrictEqual(next, before.body)) return;
    const question = {
      method: 'POST',
      path: '/config/',
      body: next,
      ifMatch: before.etag,
    } as const;
    const answer = await askCaddy(admin, question);
    if (answer.status === 200) return;
    if (answer.status !== 412) refused(answer);
  }
  throw new SallyportError({
    code: 'proxy_not_answering',
    message: 'others go on changing the configuration of Caddy',
    hint: 'try again',
    next: 'retry',
  });
}

function refused(answer: Answer): never {
  const words = wordsOf(answer);
  const denied = /listen.*permission denied/i.test(words);
  const taken = /address already in use|listener address repeated/i.test(words);
  throw new SallyportError({
    code: denied ? 'port_not_permitted' : taken ? 'port_taken' : 'proxy_refused',
    message: `Caddy refuses its configuration: ${words}`,
    hint: 'journalctl -u caddy-api -n 20',
  });
}
