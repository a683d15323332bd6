import { join } from 'node:path';
import { socketPath } from '../../../agent/control.ts';
import { hostKeyPath } from '../../../agent/host-key.ts';
import type { Machine, User } from '../../../ports/machine.ts';
import { fail, ok, warn, type Finding } from '../finding.ts';
import type { DoctorWorld } from '../world.ts';

/** The agent's own files are its user's, and nobody else's to read. */
export async function checkPermissions(world: DoctorWorld): Promise<readonly Finding[]> {
  const { machine, config, place, user: name } = world;
  const user = place.scope === 'user' ? machine.me : await machine.findUser(name);
  if (!user) return [fail(`There is no user ${name}.`, 'sallyport agent install')];
  const { state, env_root: envRoot, source } = config;
  const folder = await machine.facts(state);
  if (!folder) return [fail(`There is no folder ${state}.`, 'sallyport agent install')];
  const key = hostKeyPath(state);
  if (!(await machine.facts(key))) {
    return [fail(`This host has no key: ${key}.`, 'sallyport agent install')];
  }
  const token = source.credentials?.token_file;
  const wanted: readonly Wanted[] = [
    { path: state, mode: 0o700, mayPass: true },
    { path: key, mode: 0o600 },
    { path: socketPath(state), mode: 0o600 },
    ...(token === undefined ? [] : [{ path: token, mode: 0o600 }]),
    ...(await secretFiles(envRoot, machine)).map((path) => ({ path, mode: 0o600 })),
  ];
  const found = await Promise.all(wanted.map((each) => judge(each, user, machine)));
  const wrong = found.flat();
  return wrong.length > 0
    ? wrong
    : [ok(`${state}, its key and the files with secrets are ${user.name}'s alone`)];
}

interface Wanted {
  readonly path: string;
  readonly mode: number;
  /** Others may go through it: a proxy to the sockets below. */
  readonly mayPass?: true;
}

async function judge(
  { path, mode, mayPass }: Wanted,
  user: User,
  machine: Machine,
): Promise<readonly Finding[]> {
  const facts = await machine.facts(path);
  if (!facts) return [];
  if ((facts.mode & (mayPass ? 0o066 : 0o077)) !== 0) {
    const shown = facts.mode.toString(8).padStart(3, '0');
    const words = `chmod ${mode.toString(8)} ${path}`;
    return [fail(`${path} may be used by others: its mode is ${shown}.`, words)];
  }
  if (facts.uid === user.uid) return [];
  return [warn(`${path} is not ${user.name}'s.`, `chown ${user.name}: ${path}`)];
}

/** `.env` files, and those of a version in a folder of its own. */
async function secretFiles(
  folder: string,
  machine: Machine,
  depth = 0,
): Promise<readonly string[]> {
  const names = (await machine.names(folder)) ?? [];
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const facts = await machine.facts(path);
      if (facts?.kind === 'file') return [path];
      return facts?.kind === 'folder' && depth < 2
        ? await secretFiles(path, machine, depth + 1)
        : [];
    }),
  );
  return found.flat();
}
