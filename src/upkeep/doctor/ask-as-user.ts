import { z } from 'zod';
import type { Program } from '../agent-unit.ts';
import type { Found } from './examine.ts';
import type { DoctorWorld } from './world.ts';

/** What root would find well though the agent's user may not do it: its answers are asked for as that user. */
const asUser: ReadonlySet<string> = new Set(['init', 'proxy', 'remote']);

const Answer = z.object({
  findings: z.array(
    z.object({
      check: z.string(),
      state: z.enum(['ok', 'warn', 'fail']),
      message: z.string(),
      hint: z.string().optional(),
    }),
  ),
});

/**
 * Where root looks at the agent of another user: what that user finds takes the place of what root
 * found. Where the user cannot be asked, root's findings stand.
 */
export async function askAsUser(
  found: readonly Found[],
  { machine, place, user, drivers }: Pick<DoctorWorld, 'machine' | 'place' | 'user' | 'drivers'>,
  { node, cli }: Program,
): Promise<readonly Found[]> {
  if (machine.me.uid !== 0 || user === machine.me.name || place.scope === 'user') return found;
  const proxies = drivers.flatMap((driver) => ['--proxy', driver]).slice(0, 2);
  const words = ['agent', 'doctor', '--json', '--scope', 'system', '--config', place.config];
  const asked = await machine.run(['runuser', '-u', user, '--', node, cli, ...words, ...proxies]);
  const read = Answer.safeParse(jsonOf(asked.stdout));
  if (!read.success) return found;
  const theirs = read.data.findings.filter(({ check }) => asUser.has(check));
  const names = [...new Set(found.map(({ check }) => check))];
  return names.flatMap((name) =>
    (asUser.has(name) ? theirs : found).filter(({ check }) => check === name),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
