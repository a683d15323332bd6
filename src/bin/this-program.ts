import { realpathSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

/** What Node runs to be another entry point beside this one: `dist/proxy.js`, or `src/bin/proxy.ts` from the sources. */
export function thisProgramAs(name: string): [string] {
  const own = realpathSync(process.argv[1]!);
  return [join(dirname(own), `${name}${extname(own)}`)];
}
