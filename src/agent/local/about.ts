import type { AgentJson } from '../../report/status-json.ts';
import type { WatchView } from '../watch/world.ts';
import type { ConnectionView } from './connection.ts';

interface Known {
  readonly host: string;
  readonly version: string;
  /** Ms since 1970. */
  readonly since: number;
  readonly source: string;
  readonly connection: ConnectionView;
  /** `null` where nothing is followed: the App says what is to be done. */
  readonly watch: WatchView | null;
  readonly pollMs: number;
}

/** What an agent says of itself. */
export function aboutAgent(known: Known): AgentJson {
  const { host, version, since, source, connection, watch, pollMs } = known;
  const { connected, since: turned, lastAnswer, problem } = connection;
  const next = watch ? watch.nextPoll : lastAnswer && lastAnswer + pollMs;
  return {
    host,
    version,
    since: new Date(since).toISOString(),
    source,
    connected,
    connected_since: isoOf(turned),
    problem: problem?.split('\n')[0] ?? null,
    last_sync: isoOf(lastAnswer),
    watching: watch && `${watch.branch} at ${watch.head?.slice(0, 7) ?? 'nothing yet'}`,
    notes: Object.fromEntries(
      (watch?.environments ?? []).flatMap(({ name, note }) =>
        note === null ? [] : [[name, note]],
      ),
    ),
    next_poll: isoOf(next),
  };
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
