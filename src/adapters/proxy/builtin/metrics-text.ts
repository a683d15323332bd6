import { timeClasses, type SlotCounts } from './slot-counts.ts';

export interface RouteFigures {
  readonly name: string;
  /** By slot; what the proxy answered by itself stands under no name. */
  readonly counts: ReadonlyMap<string, SlotCounts>;
  readonly active: Readonly<Record<string, number>>;
  readonly switches: number;
}

type Sample = readonly [labels: Readonly<Record<string, string | number>>, value: number];

/** In Prometheus' text format. */
export function metricsText(routes: readonly RouteFigures[], lostLines: number): string {
  const slots = routes.flatMap(({ name, counts }) =>
    [...counts].map(([slot, of]) => ({ route: name, slot, of })),
  );
  const times = slots.filter(({ slot }) => slot !== '');
  return [
    ...family('requests_total', 'counter', 'Answers, by the slot that gave them.', {
      '': slots.flatMap(({ route, slot, of }) =>
        [...of.codes].map(([code, count]): Sample => [{ route, slot, code }, count]),
      ),
    }),
    ...family(
      'request_duration_seconds',
      'histogram',
      'From a request to the head of its answer.',
      {
        _bucket: times.flatMap(({ route, slot, of }) => bucketsOf({ route, slot }, of)),
        _sum: times.map(({ route, slot, of }) => [
          { route, slot },
          (of.sums.durationMs ?? 0) / 1000,
        ]),
        _count: times.map(({ route, slot, of }) => [{ route, slot }, of.sums.requests]),
      },
    ),
    ...family('active_requests', 'gauge', 'Requests and WebSockets under way.', {
      '': routes.flatMap(({ name, active }) =>
        Object.entries(active).map(([slot, count]): Sample => [{ route: name, slot }, count]),
      ),
    }),
    ...family('switches_total', 'counter', 'How often another slot got the traffic.', {
      '': routes.map(({ name, switches }) => [{ route: name }, switches]),
    }),
    ...family('access_log_lost_lines_total', 'counter', 'Lines that the disk did not take.', {
      '': [[{}, lostLines]],
    }),
    '',
  ].join('\n');
}

function family(
  name: string,
  type: 'counter' | 'gauge' | 'histogram',
  help: string,
  samples: Readonly<Record<string, readonly Sample[]>>,
): readonly string[] {
  const full = `sallyport_proxy_${name}`;
  const lines = Object.entries(samples).flatMap(([suffix, some]) =>
    some.map(([labels, value]) => `${full}${suffix}${labelText(labels)} ${value}`),
  );
  return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...lines];
}

/** Each counts what the ones before it do, too. */
function bucketsOf(labels: Sample[0], of: SlotCounts): readonly Sample[] {
  let sum = 0;
  const some = timeClasses.map((end, at): Sample => {
    sum += of.times[at] ?? 0;
    return [{ ...labels, le: end / 1000 }, sum];
  });
  return [...some, [{ ...labels, le: '+Inf' }, of.sums.requests]];
}

function labelText(labels: Sample[0]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escape(text: string): string {
  return text.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
}
