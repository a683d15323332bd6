import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { polkitRulePath } from '../../../config/systemd-access.ts';
import type { InitProblem } from '../../../ports/init.ts';
import { managerCommands } from './commands.ts';
import type { Execute } from './execute.ts';
import type { SystemdSettings } from './settings.ts';

/** Users whose manager runs from boot on, whether they log in or not, have a file here. */
const lingering = '/var/lib/systemd/linger';

/** What keeps units from being started here, or from coming back at boot. */
export async function checkHost(settings: SystemdSettings): Promise<readonly InitProblem[]> {
  const { scope, folder } = settings;
  const found = scope === 'user' ? await checkUser(settings) : await checkSystem(settings);
  return [...found, ...(await checkFolder(folder, settings.owner.name))];
}

async function checkUser({ execute, owner }: SystemdSettings): Promise<readonly InitProblem[]> {
  const hint = `loginctl enable-linger ${owner.name}`;
  const answer = await whyNoManager(execute, 'user');
  if (answer !== null) {
    return [{ message: `the user manager of ${owner.name} does not answer: ${answer}`, hint }];
  }
  if (await lingers(execute, owner.name)) return [];
  const message = `the user manager of ${owner.name} ends when ${owner.name} logs out, and is not started at boot`;
  return [{ message, hint }];
}

async function checkSystem({ execute, owner }: SystemdSettings): Promise<readonly InitProblem[]> {
  const answer = await whyNoManager(execute, 'system');
  if (answer !== null) {
    return [
      {
        message: `systemd does not answer: ${answer}`,
        hint: 'use `init: systemd-user` or `init: process` on this host',
      },
    ];
  }
  if (owner.uid === 0 || (await mayManage(execute))) return [];
  return [
    {
      message: `${owner.name} may not start units of the host: ${polkitRulePath} does not let it`,
      hint: 'use `init: systemd-user`, which needs no such right; docs/systemd.md has the rule for this one',
    },
  ];
}

/** `degraded` or `starting` is an answer too; where nothing answers the word is `offline`, or there is none. */
async function whyNoManager(execute: Execute, scope: 'system' | 'user'): Promise<string | null> {
  const { stdout, stderr } = await execute(managerCommands(scope).isRunning());
  const word = stdout.trim();
  if (word !== '' && word !== 'offline' && word !== 'unknown') return null;
  return stderr.trim() || word || 'systemctl is missing';
}

async function lingers(execute: Execute, user: string): Promise<boolean> {
  if ((await execute(['test', '-e', `${lingering}/${user}`])).code === 0) return true;
  const { stdout } = await execute(['loginctl', 'show-user', '--property=Linger', user]);
  return stdout.trim() === 'Linger=yes';
}

/** Of the three rights of the rule, the two that can be asked for without naming a unit. */
async function mayManage(execute: Execute): Promise<boolean> {
  for (const right of ['manage-unit-files', 'reload-daemon']) {
    const action = `org.freedesktop.systemd1.${right}`;
    const subject = String(process.pid);
    const { code } = await execute(['pkcheck', '--action-id', action, '--process', subject]);
    if (code !== 0) return false;
  }
  return true;
}

async function checkFolder(folder: string, user: string): Promise<readonly InitProblem[]> {
  const place = nearest(folder);
  try {
    await access(place, constants.W_OK | constants.X_OK);
    return [];
  } catch {
    const message = `${user} may not write to ${folder}, where its units are kept`;
    return [{ message, hint: `sudo install -d -o ${user} -m 0700 ${folder}` }];
  }
}

/** The folder, or the one in which it would be made. */
function nearest(folder: string): string {
  return existsSync(folder) || folder === '/' ? folder : nearest(dirname(folder));
}
