import { expect, test } from 'vitest';
import { metricsText } from '../../../../src/adapters/proxy/builtin/metrics-text.ts';
import { SlotCounts } from '../../../../src/adapters/proxy/builtin/slot-counts.ts';

test('figures as Prometheus reads them', () => {
  const blue = new SlotCounts();
  for (const [status, ms] of [
    [200, 3],
    [200, 30],
    [502, 60_000],
  ] as const) {
    blue.answered(status, ms);
  }
  const own = new SlotCounts();
  own.answered(503, 0);
  const counts = new Map([
    ['blue', blue],
    ['', own],
  ]);
  const route = { name: 'a"b\\c\n', counts, active: { blue: 2 }, switches: 4 };
  const lines = metricsText([route], 7).split('\n');
  const labels = 'route="a\\"b\\\\c\\n"';
  expect(lines).toEqual(
    expect.arrayContaining([
      '# TYPE sallyport_proxy_requests_total counter',
      `sallyport_proxy_requests_total{${labels},slot="blue",code="200"} 2`,
      `sallyport_proxy_requests_total{${labels},slot="",code="503"} 1`,
      `sallyport_proxy_request_duration_seconds_bucket{${labels},slot="blue",le="0.005"} 1`,
      `sallyport_proxy_request_duration_seconds_bucket{${labels},slot="blue",le="0.05"} 2`,
      `sallyport_proxy_request_duration_seconds_bucket{${labels},slot="blue",le="10"} 2`,
      `sallyport_proxy_request_duration_seconds_bucket{${labels},slot="blue",le="+Inf"} 3`,
      `sallyport_proxy_request_duration_seconds_sum{${labels},slot="blue"} 60.033`,
      `sallyport_proxy_request_duration_seconds_count{${labels},slot="blue"} 3`,
      `sallyport_proxy_active_requests{${labels},slot="blue"} 2`,
      `sallyport_proxy_switches_total{${labels}} 4`,
      'sallyport_proxy_access_log_lost_lines_total 7',
    ]),
  );
  for (const line of lines.filter((line) => line !== '' && !line.startsWith('#')))
    expect(line).toMatch(/^[a-z_]+(\{([a-z]+="(\\.|[^"\\])*",?)+\})? [0-9.]+$/);
});

test('an answer that broke off is an error, and no request more', () => {
  const counts = new SlotCounts();
  counts.answered(200, 5);
  counts.brokeOff();
  expect(counts.sums).toEqual({ requests: 1, errors: 1, durationMs: 5 });
});
