/** What people on a host ask for: `maintenance` answers for the service, `hold` lets requests wait. */
export type StopAsk =
  | {
      readonly kind: 'maintenance';
      /** What people are told instead of an answer. */
      readonly text: string;
    }
  | {
      readonly kind: 'hold';
      /** So long a request waits at the most, in ms. */
      readonly forMs: number;
    };

/** That traffic is stopped by hand, until somebody lets it go again. */
export type TrafficStop = StopAsk & {
  /** Who did it; `null` where the proxy alone knows of it. */
  readonly by: string | null;
  /** In ms since 1970; `null` as `by`. */
  readonly since: number | null;
};
