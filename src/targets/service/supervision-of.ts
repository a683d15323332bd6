import { dirname } from 'node:path';
import { z } from 'zod';
import type { Supervision } from '../../ports/init.ts';
import type { Slot } from './state-file.ts';

const limit = z.number().nullable().default(null);

/** What a slot's configuration says of it; one that was written by an older agent says nothing. */
const Supervised = z.object({
  notify: z.boolean().default(false),
  limits: z.object({ memory: limit, cpu: limit, tasks: limit, files: limit }).prefault({}),
  sandbox: z.boolean().default(false),
  writable: z.array(z.string()).default([]),
});

/** How the program in a slot is kept in bounds. It may write to where its socket is, to listen there. */
export function supervisionOf({ config, socket }: Pick<Slot, 'config' | 'socket'>): Supervision {
  const supervised = Supervised.parse(config);
  const folders = socket === null ? [] : [dirname(socket)];
  return { ...supervised, writable: [...supervised.writable, ...folders] };
}
