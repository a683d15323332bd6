import { expect, test } from 'vitest';
import { countTcp, countUnix } from '../../../src/adapters/proxy/connections.ts';

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 0100007F:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 0100007F:1F41 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0
   2: 0100007F:C350 0100007F:1F41 01 00000000:00000000 00:00000000 00000000    33
   3: 0100007F:C351 0100007F:1F41 06 00000000:00000000 00:00000000 00000000    33
   4: 0100007F:1F42 0100007F:1F41 01 00000000:00000000 00:00000000 00000000    33
`;

const unix = `Num       RefCount Protocol Flags    Type St Inode Path
ffff8880: 00000002 00000000 00010000 0001 01 101 /run/web/blue.sock
ffff8881: 00000003 00000000 00000000 0001 03 102 /run/web/blue.sock
ffff8882: 00000003 00000000 00000000 0001 03 103
ffff8883: 00000003 00000000 00000000 0001 03 104 /run/web/green.sock
ffff8884: 00000003 00000000 00000000 0001 03 105 /run/web/blue.sock
`;

test('of a TCP connection the end that dialled is counted, while it is open', () => {
  expect(countTcp(tcp, 8001)).toBe(2);
  expect(countTcp(tcp, 8002)).toBe(0);
  expect(countTcp('', 8001)).toBe(0);
});

test('of a Unix socket the accepted connections are counted, not the listener', () => {
  expect(countUnix(unix, '/run/web/blue.sock')).toBe(2);
  expect(countUnix(unix, '/run/web/teal.sock')).toBe(0);
});
