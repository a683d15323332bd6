import type { Machine, PathFacts, User } from '../ports/machine.ts';
import { hostKeyPath } from '../agent/host-key.ts';
import { lingerPath, lingers } from './linger.ts';
import { readUnits, showUnits, type UnitState } from './systemctl.ts';
import type { Wanted } from './wanted.ts';

/** What is on the machine of what is wanted. */
export interface Seen {
  /** `null`: to be made. */
  readonly user: User | null;
  readonly paths: ReadonlyMap<string, PathFacts>;
  readonly texts: ReadonlyMap<string, string>;
  readonly hasKey: boolean;
  readonly hasToken: boolean;
  /** `null` where no manager answers. */
  readonly units: readonly UnitState[] | null;
  /** A user's units run while nobody is logged in; `null` where that does not matter, or cannot be told. */
  readonly lingers: boolean | null;
}

/** Looks at everything that an installation consists of; changes nothing. */
export async function look(wanted: Wanted, machine: Machine, keyFolder: string): Promise<Seen> {
  const { folders, files, token, place } = wanted;
  const paths = new Map<string, PathFacts>();
  const texts = new Map<string, string>();
  for (const { path } of [...folders, ...files]) {
    const facts = await machine.facts(path);
    if (facts) paths.set(path, facts);
  }
  for (const { path } of files) {
    const text = await machine.read(path);
    if (text !== null) texts.set(path, text);
  }
  const shown = await machine.run(showUnits(place.scope, wanted.units));
  return {
    user: place.scope === 'user' ? machine.me : await machine.findUser(wanted.user),
    paths,
    texts,
    hasKey: (await machine.facts(hostKeyPath(keyFolder))) !== null,
    hasToken: token === null || (await machine.facts(token)) !== null,
    units: shown.status === 0 ? readUnits(shown.stdout) : null,
    lingers:
      place.scope === 'user'
        ? await lingers(machine)
        : (await machine.facts(lingerPath(wanted.user))) !== null,
  };
}
