import { resolve } from 'node:path';
import { apiUrlOf, portOf, webUrlOf } from '../app/settings.ts';
import { serveSetup } from '../app/setup/serve-setup.ts';
import { prepareSettings, settingsFilesIn, writeSettings } from '../app/setup/settings-files.ts';
import { trustLine } from '../app/signing-key.ts';
import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { appEvents, appPermissions } from '../sandbox/tour/app-registration.ts';
import { textOption } from './option-values.ts';
import { printJson } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/**
 * Has a person register the App in a browser, behind a one-time token that is printed here, and
 * writes what `sallyport app` needs.
 */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const { env, stdout, stderr, signal } = world;
  const text = (name: string): string => textOption(args, name) ?? '';
  const files = settingsFilesIn(resolve(world.cwd, text('out')));
  const signingKey = await prepareSettings(files);
  const { clock } = await world.parts.app();
  const setup = await serveSetup({
    host: text('host') || env['HOST'] || '127.0.0.1',
    port: portOf(text('port') || env['PORT'] || '3000', 'sallyport app setup'),
    github: webUrlOf(env),
    apiUrl: apiUrlOf(env),
    registration: { permissions: appPermissions, events: appEvents },
    words: { name: text('name'), url: text('url'), organization: text('organization') },
    clock,
    save: (app) => writeSettings(files, app, githubOf(env)),
  });
  stderr.write(
    `Open this in your browser, within 15 minutes. It works once:\n\n  ${setup.url}\n\n` +
      `From another machine, forward the port first: ssh -L ${forwarding(setup.url)} THIS-HOST\n`,
  );
  try {
    const app = await Promise.race([setup.done, leaving(signal)]);
    const trust = trustLine(signingKey);
    if (args.json) printJson(world, { app: app.id, page: app.page, ...files, trust });
    else stdout.write(words(app.page, files.env, trust));
    return exitCodes.done;
  } finally {
    await setup.close();
  }
}

/** The same port on both sides, so that the address stays as it is. */
function forwarding(url: string): string {
  const { port } = new URL(url);
  return `${port}:127.0.0.1:${port}`;
}

function words(page: string, env: string, trust: string): string {
  return [
    `The App is registered: ${page}`,
    `Its settings are in ${env} (mode 0600), with two keys beside it.`,
    '',
    `1. Install it on your repositories: ${page}/installations/new`,
    `2. Start it: set -a; . ${env}; set +a; sallyport app`,
    '3. In the agent.yml of each host, under trust.keys, with the environments that it may deploy:',
    `     - ${trust}`,
    '',
  ].join('\n');
}

/** A GitHub of one's own is kept with the rest. */
function githubOf(env: World['env']): Record<string, string> {
  const names = ['GHE_HOST', 'GHE_PROTOCOL'];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

function leaving(signal: AbortSignal): Promise<never> {
  const left = (): SallyportError =>
    new SallyportError({
      code: 'setup_left',
      message: 'The App was not registered.',
      hint: 'Begin again: sallyport app setup',
    });
  return new Promise((_, reject) => {
    if (signal.aborted) reject(left());
    signal.addEventListener('abort', () => reject(left()), { once: true });
  });
}
