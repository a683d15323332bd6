import { z } from 'zod';
import { section } from './later.ts';

const nameRule = 'lower-case letters, digits and _, a letter first, at most 40';

/** The name of a parameter: handed to programs as `SALLYPORT_PARAM_NAME`. */
export const ParamName = z
  .string({ error: nameRule })
  .regex(/^[a-z][a-z0-9_]{0,39}$/)
  .refine((name) => !(name in Object.prototype), { error: 'may not be used as a name' });

const Param = section({
  type: z.enum(['string', 'number', 'boolean']).default('string'),
  choices: z
    .array(z.string().min(1).max(255))
    .min(1)
    .optional()
    .describe('All values that there are; absent: any of this type.'),
  default: z.union([z.string().max(1024), z.number(), z.boolean()]).optional(),
  required: z.boolean().default(false),
  describe: z.string().max(255).optional().describe('For people, shown where it is missing.'),
});
export type Param = z.output<typeof Param>;

/** What people may type after `|`: `/deploy staging | replicas=3`. Data for programs, never for a shell. */
export const Params = z
  .record(ParamName, Param)
  .describe('What people may give after `|`; programs find it as SALLYPORT_PARAM_NAME.');
