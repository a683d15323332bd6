import { z } from 'zod';

/** A GitHub account in an event. */
export const Account = z.object({ id: z.int(), login: z.string() });
