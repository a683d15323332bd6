import { resolve } from 'node:path';
import { startApp, type AppParts } from '../app/server.ts';
import { readSettings } from '../app/settings.ts';
import { exitCodes, type ExitCode } from '../model/errors.ts';
import { printJson } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

export type { AppParts };

/** Serves webhooks until it is told to end. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  if (isToBeSetUp(args, world)) return (await import('./app-setup.ts')).run(args, world);
  const { options, json } = args;
  const { host, port, key } = options;
  const keyPath = typeof key === 'string' ? key : world.env['SALLYPORT_SIGNING_KEY'];
  const settings = await readSettings(world.env, {
    host: textOf(host),
    port: textOf(port),
    key: keyPath && resolve(world.cwd, keyPath),
    cwd: world.cwd,
  });
  // Asked for before anything is awaited: from now on the first signal ends it gently.
  const { signal } = world;
  const app = await startApp({ settings, ...(await world.parts.app()) });
  if (json) printJson(world, { url: app.url, key: settings.signingKey.public.text });
  else world.stdout.write(`The App listens on ${app.url}\n`);
  await until(signal);
  await app.close();
  return exitCodes.done;
}

/** Nothing of an App is there yet, and a person is. */
function isToBeSetUp({ options }: Args, { env, stdout }: World): boolean {
  const names = ['APP_ID', 'PRIVATE_KEY', 'PRIVATE_KEY_PATH', 'WEBHOOK_SECRET'];
  return options['setup'] === true || (stdout.isTTY && names.every((name) => !env[name]));
}

function textOf(value: string | true | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

async function until(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => {
    signal.addEventListener('abort', () => done(), { once: true });
  });
}
