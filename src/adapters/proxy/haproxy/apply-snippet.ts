import { setTimeout } from 'node:timers/promises';
import { SallyportError } from '../../../model/errors.ts';
import { checkConfig, putBack, reloadConfig, writeConfigFile } from '../config-file.ts';
import { readText } from '../route-folder.ts';
import { askHaproxy } from './ask-haproxy.ts';
import type { HaproxyOptions, RouteFiles } from './layout.ts';

/** A busy HAProxy on a slow host. */
const defaultPatienceMs = 12_000;
/** A master that is told while it still starts may miss it. */
const tellAgainMs = 2_000;

/**
 * Puts a file of ours in force: written, checked by HAProxy itself, loaded, and asked for. Whatever goes
 * wrong, the file that was there before is there again.
 */
export async function applySnippet(
  options: HaproxyOptions,
  files: RouteFiles,
  { text, proof }: { readonly text: string; readonly proof: string },
): Promise<void> {
  const before = await readText(files.snippet);
  let reloaded = false;
  try {
    await writeConfigFile(files.snippet, text);
    await checkConfig('haproxy', options);
    reloaded = true;
    await reloadConfig('haproxy', options);
    await awaitProof(options, files, proof);
  } catch (error) {
    if (before !== text) await putBack(files.snippet, before);
    // A new HAProxy that could not start leaves the old one serving, and waits to be told again.
    if (reloaded) await reloadConfig('haproxy', options).catch(() => undefined);
    throw error;
  }
}

/** Takes a file of ours out of force. */
export async function withdrawSnippet(options: HaproxyOptions, files: RouteFiles): Promise<void> {
  const before = await readText(files.snippet);
  if (before === null) return;
  await putBack(files.snippet, null);
  const had = await proofOf(options, files).catch(() => null);
  if (had === null) return;
  try {
    await reloadConfig('haproxy', options);
    await awaitProof(options, files, null);
  } catch (error) {
    await putBack(files.snippet, before);
    throw error;
  }
}

/** What HAProxy says that it has loaded for the route; `null` where it knows no such route. */
export async function proofOf(
  { socket }: HaproxyOptions,
  { variable }: RouteFiles,
): Promise<string | null> {
  const said = await askHaproxy(socket, [`get var proc.${variable}`]);
  return /value=<(\w+)>/.exec(said)?.[1] ?? null;
}

async function awaitProof(
  options: HaproxyOptions,
  files: RouteFiles,
  proof: string | null,
): Promise<void> {
  const patienceMs = options.patienceMs ?? defaultPatienceMs;
  const deadline = Date.now() + patienceMs;
  let told = Date.now();
  for (let pauseMs = 5; Date.now() < deadline; pauseMs = Math.min(pauseMs * 1.5, 200)) {
    // Between the old process and the new one nobody may answer for a moment.
    if ((await proofOf(options, files).catch(() => undefined)) === proof) return;
    await setTimeout(pauseMs);
    if (Date.now() - told < tellAgainMs) continue;
    await reloadConfig('haproxy', options);
    told = Date.now();
  }
  throw new SallyportError({
    code: 'proxy_refused',
    message: `HAProxy was reloaded, but did not take up ${files.snippet} within ${patienceMs / 1000} s`,
    hint: startedWith(options),
  });
}

/** How Debian's unit is told of our folder. */
export function startedWith({ folder }: HaproxyOptions): string {
  return `put this into /etc/default/haproxy, then sudo systemctl restart haproxy: EXTRAOPTS="-S /run/haproxy-master.sock -f ${folder}"; if it is there: journalctl -u haproxy -n 20`;
}
