import { z } from 'zod';
import { durationBetween } from './duration.ts';
import { section } from './later.ts';
import { Percent } from './size.ts';

const verdict = {
  errors: Percent.prefault('5%').describe('More answers of 500 and above than that are too many.'),
  latency: durationBetween('1ms', '1h')
    .optional()
    .describe('A mean time to answer above that is too long.'),
  requests: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(20)
    .describe('Without so many requests nobody can tell, and only the probes count.'),
};

export const Watch = section({
  for: durationBetween('0s', '1d').prefault('0s').describe('0s: it is not watched.'),
  ...verdict,
}).describe('After the switch: a new slot that answers badly loses the traffic again by itself.');
export type Watch = z.output<typeof Watch>;

export const Canary = section({
  share: Percent.refine((share) => share > 0 && share < 1, {
    error: 'must be above 0% and below 100%',
  }).describe('The part of new requests that the new slot gets before the switch.'),
  for: durationBetween('1s', '1d').prefault('10m').describe('For so long.'),
  sticky: z.boolean().default(true).describe('Whoever came to a slot stays with it, by a cookie.'),
  ...verdict,
}).describe('A share of the traffic tries the new slot first; its answers decide.');
export type Canary = z.output<typeof Canary>;

const HeaderName = z.string({ error: 'the name of a header' }).regex(/^[A-Za-z0-9-]{1,64}$/);
const CookieName = z.string({ error: 'the name of a cookie' }).regex(/^[A-Za-z0-9_-]{1,64}$/);

export const Preview = section({
  header: HeaderName.default('X-Sallyport-Slot'),
  cookie: CookieName.default('sallyport_slot'),
}).describe('A header or a cookie with the name of a slot (`blue`, `green`) shows that slot.');

export const Liveness = section({
  enabled: z.boolean().default(true).describe('false: whoever else looks after the program does.'),
  initial: durationBetween('100ms', '1h')
    .prefault('1s')
    .describe('Before the second restart of a program that ends again and again.'),
  max: durationBetween('1s', '1d').prefault('1m').describe('The longest pause.'),
  fallback: z
    .boolean()
    .default(true)
    .describe('Where the live slot is dead and the other one healthy, that one gets the traffic.'),
}).describe(
  'After the deployment, for good: a program that ended or does not answer is restarted.',
);
export type Liveness = z.output<typeof Liveness>;
