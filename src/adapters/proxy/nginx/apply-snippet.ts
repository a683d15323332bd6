import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SallyportError } from '../../../model/errors.ts';
import { checkConfig, putBack, reloadConfig, writeConfigFile } from '../config-file.ts';
import { readText } from '../route-folder.ts';
import { askNginx } from './ask-nginx.ts';
import type { NginxOptions } from './layout.ts';
import { awaitHandover, listWorkers } from './nginx-workers.ts';
import { readHead } from './snippet-head.ts';

/** A busy nginx on a slow host; it also tries for 2.5 s to listen on a port. */
const defaultPatienceMs = 8_000;

/**
 * Puts a file of ours in force: written, checked by nginx itself, loaded, and asked for. Whatever goes
 * wrong, the file that was there before is there again.
 */
export async function applySnippet(
  options: NginxOptions,
  path: string,
  text: string,
): Promise<void> {
  const before = await readText(path);
  try {
    await writeConfigFile(path, text);
    await checkConfig('nginx', options);
    const workers = await listWorkers();
    await reloadConfig('nginx', options);
    await awaitLoaded(options, path);
    await awaitHandover(workers, patienceOf(options));
  } catch (error) {
    if (before !== text) await putBack(path, before);
    throw error;
  }
}

/** Takes a file of ours out of force. */
export async function withdrawSnippet(options: NginxOptions, path: string): Promise<void> {
  const [head, before] = [await readHead(path), await readText(path)];
  if (before === null) return;
  await putBack(path, null);
  if (head && (await askNginx(head, options.address)) !== 'loaded') return;
  try {
    const workers = await listWorkers();
    await reloadConfig('nginx', options);
    for (let left = patienceOf(options); left > 0 && head; left -= 10) {
      if ((await askNginx(head, options.address)) !== 'loaded') break;
      await setTimeout(10);
    }
    await awaitHandover(workers, patienceOf(options));
  } catch (error) {
    await putBack(path, before);
    throw error;
  }
}

async function awaitLoaded(options: NginxOptions, path: string): Promise<void> {
  const head = await readHead(path);
  const patienceMs = patienceOf(options);
  const deadline = Date.now() + patienceMs;
  for (let pauseMs = 5; Date.now() < deadline; pauseMs = Math.min(pauseMs * 1.5, 200)) {
    if (head && (await askNginx(head, options.address)) === 'loaded') return;
    await setTimeout(pauseMs);
  }
  throw new SallyportError({
    code: 'proxy_refused',
    message: `nginx was reloaded, but did not take up ${path} within ${patienceMs / 1000} s`,
    hint: `nginx must include ${dirname(path)}/*.conf inside http { }; its error log says more`,
  });
}

function patienceOf({ patienceMs = defaultPatienceMs }: NginxOptions): number {
  return patienceMs;
}
