import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SallyportError } from '../../../model/errors.ts';

/**
 * Tells systemd which process is the service from now on, where it started this one: it would end
 * all others together with the one that it knows. Rejects with `proxy_not_handed_over` where it
 * cannot be told.
 */
export async function tellMainPid(
  pid: number,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  if (env['NOTIFY_SOCKET'] === undefined) {
    if (env['INVOCATION_ID'] === undefined) return;
    throw unheard('its unit lets nobody tell systemd of another main process');
  }
  // Never with --no-block: systemd ignores the word of a process that is gone when it reads it.
  const telling = spawn('systemd-notify', [`MAINPID=${pid}`], { stdio: 'ignore' });
  const [code] = (await once(telling, 'exit')) as [number | null];
  if (code !== 0) throw unheard(`systemd-notify ended with ${code}`);
}

function unheard(why: string): SallyportError {
  return new SallyportError({
    code: 'proxy_not_handed_over',
    message: `the proxy goes on as it is: ${why}`,
    hint: 'write its unit anew with: sallyport agent install',
  });
}
