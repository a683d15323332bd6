import { quoteWord } from './quote.ts';

/** Waits for the socket for at least 100 s, then lets everybody connect to it. */
const opening =
  'i=0; until [ -S "$1" ] || [ $i -ge 5000 ]; do i=$((i+1)); /bin/sleep 0.02; done; /bin/chmod a+rw "$1"';

/**
 * A socket at every start, also those that systemd makes by itself and at boot: what a killed program left
 * there would keep the next one from listening, and the proxy is often another user. A umask would
 * do for the latter, but would open every other file that the program writes as well.
 */
export function socketLines(socket: string): readonly string[] {
  return [
    `ExecStartPre=-:${['/bin/rm', '-f', socket].map(quoteWord).join(' ')}`,
    `ExecStartPost=-:${['/bin/sh', '-c', opening, 'sh', socket].map(quoteWord).join(' ')}`,
  ];
}
