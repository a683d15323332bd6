import { z } from 'zod';
import { durationBetween } from './duration.ts';
import { section } from './later.ts';

/** A request to a program on the host, such as one that makes it read its files again. */
export const HttpRequest = section({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH']).default('GET'),
  url: z
    .url({ protocol: /^https?$/, error: 'an address such as http://127.0.0.1:8080/reload' })
    .describe('`{environment}` is replaced.'),
  status: z.int().min(100).max(599).default(200).describe('The status that means success.'),
  timeout: durationBetween('10ms', '10m').prefault('10s').describe('For one answer.'),
});
export type HttpRequest = z.output<typeof HttpRequest>;
