import type { Machine } from '../ports/machine.ts';

/** Where logind keeps that a user's manager runs from boot on. */
export function lingerPath(user: string): string {
  return `/var/lib/systemd/linger/${user}`;
}

/** Whether this user's units run while nobody is logged in; `null` where nobody can tell. */
export async function lingers(machine: Machine): Promise<boolean | null> {
  const asked = ['loginctl', 'show-user', machine.me.name, '--property=Linger'] as const;
  const { stdout } = await machine.run(asked, 5_000);
  const said = /^Linger=(yes|no)$/m.exec(stdout)?.[1];
  // logind knows nothing of a user who is not logged in and does not linger.
  return said === undefined ? null : said === 'yes';
}
