import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { StorePlace } from '../ports/store.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the App keeps its deliveries: the PostgreSQL of `DATABASE_URL`, else `app.sqlite` in
 * `SALLYPORT_STATE`, in the folder that systemd made for it, or in the user's own state folder.
 */
export function storePlaceOf(env: Environment, cwd: string): StorePlace {
  const url = env['DATABASE_URL'];
  if (url) return { kind: 'postgres', url: checked(url) };
  // systemd lists several with colons; the first is ours.
  const given = env['SALLYPORT_STATE'] ?? env['STATE_DIRECTORY']?.split(':')[0];
  const home = env['XDG_STATE_HOME'] ?? join(env['HOME'] ?? homedir(), '.local', 'state');
  const folder = given ? resolve(cwd, given) : join(home, 'sallyport');
  return { kind: 'file', path: join(folder, 'app.sqlite') };
}

function checked(url: string): string {
  if (/^postgres(ql)?:\/\//.test(url) && isEncoded(url)) return url;
  throw new SallyportError({
    code: 'database_url_invalid',
    message: 'DATABASE_URL is no address of a PostgreSQL',
    hint: 'Write postgres://USER:PASSWORD@HOST/DATABASE, with other signs than letters and digits URL-encoded, or unset it to keep deliveries in a file.',
    exit: exitCodes.usage,
  });
}

/** Whether what stands for other signs (`%40`) can be read; a `%` of a password is often left as it is. */
function isEncoded(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}
