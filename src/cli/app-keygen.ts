import { resolve } from 'node:path';
import { makeSigningKey, trustLine } from '../app/signing-key.ts';
import { exitCodes, type ExitCode } from '../model/errors.ts';
import { printJson } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

const defaultFile = 'sallyport-app.key';

/** Makes the key that signs jobs, and prints what hosts need to trust it. */
export async function run({ options, json }: Args, world: World): Promise<ExitCode> {
  const { out } = options;
  const path = resolve(world.cwd, typeof out === 'string' ? out : defaultFile);
  const key = await makeSigningKey(path);
  const trust = trustLine(key);
  if (json) {
    printJson(world, { path, key: key.public.text, trust });
    return exitCodes.done;
  }
  world.stdout.write(
    [
      `The key that signs jobs is in ${path} (mode 0600). Keep it apart from the App's PEM.`,
      '',
      'In the agent.yml of each host, under trust.keys, with the environments that it may deploy:',
      `  - ${trust}`,
      '',
      `Then: SALLYPORT_SIGNING_KEY=${path} sallyport app`,
      '',
    ].join('\n'),
  );
  return exitCodes.done;
}
