import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  endToEnd,
  requestHeaders,
} from '../../../../src/adapters/proxy/builtin/forward-headers.ts';
import { isNear, plainAddress } from '../../../../src/adapters/proxy/builtin/near-peer.ts';

test('headers of the connection stay behind, also those that Connection names', () => {
  const sent = raw(`Connection: close, X-Mine
    X-Mine: 1
    Keep-Alive: timeout=5
    TE: trailers
    Transfer-Encoding: chunked
    Upgrade: h2c
    Accept: */*
    Proxy-Connection: x`);
  expect(endToEnd(sent)).toEqual(raw('Accept: */*'));
});

test('naming the host or the length in Connection does not drop them', () => {
  const sent = raw(`Host: a
    Content-Length: 3
    Connection: host, content-length`);
  expect(endToEnd(sent)).toEqual(sent.slice(0, 4));
});

test('a public peer is the client, whatever it says', () => {
  const said = raw(`Host: shop.example
    X-Forwarded-For: 1.2.3.4
    X-Forwarded-Proto: https
    X-Forwarded-Host: evil.example
    Forwarded: for=1.2.3.4`);
  const passed = raw(`Host: shop.example
    X-Forwarded-For: 203.0.113.7
    X-Forwarded-Proto: http
    X-Forwarded-Host: shop.example
    Forwarded: for=203.0.113.7;host="shop.example";proto=http`);
  expect(requestHeaders(said, '::ffff:203.0.113.7')).toEqual(passed);
});

test('a near peer may be a load balancer, and is added to what it says', () => {
  const said = raw(`host: in
    x-forwarded-for: 203.0.113.7
    x-forwarded-proto: https
    x-forwarded-host: shop.example
    forwarded: for=203.0.113.7;proto=https`);
  const passed = raw(`host: in
    X-Forwarded-For: 203.0.113.7, 10.0.0.2
    X-Forwarded-Proto: https
    X-Forwarded-Host: shop.example
    Forwarded: for=203.0.113.7;proto=https, for=10.0.0.2;host="in";proto=https`);
  expect(requestHeaders(said, '10.0.0.2')).toEqual(passed);
});

test('of two hosts, everybody goes by the first', () => {
  const headers = requestHeaders(['Host', 'a', 'Accept', '*/*', 'host', 'b'], '203.0.113.7', true);
  expect(headers).toEqual(
    raw(`Host: a
    Accept: */*
    X-Forwarded-For: 203.0.113.7
    X-Forwarded-Proto: https
    X-Forwarded-Host: a
    Forwarded: for=203.0.113.7;host="a";proto=https`),
  );
});

test('an IPv6 client stands in brackets and quotes', () => {
  const headers = requestHeaders(['Host', 'a'], '2001:db8::1');
  expect(headers.at(-1)).toBe('for="[2001:db8::1]";host="a";proto=http');
});

test('every other header passes, in order and as written', () => {
  const name = fc.stringMatching(/^X-[A-Za-z]{1,8}$/).filter((text) => !/forwarded/i.test(text));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.stringMatching(/^[a-z ,]{0,9}$/))), (pairs) => {
      expect(endToEnd(pairs.flat())).toEqual(pairs.flat());
    }),
  );
});

test.each([
  ['127.0.0.1', true],
  ['::1', true],
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['172.32.0.1', false],
  ['192.168.1.1', true],
  ['fd00::1', true],
  ['fe80::1%eth0', true],
  ['8.8.8.8', false],
  ['2001:db8::1', false],
  [plainAddress(undefined), false],
])('%s is near: %s', (address, near) => {
  expect(isNear(address)).toBe(near);
});

/** Headers as Node gives them: names and values in turn. */
function raw(lines: string): string[] {
  return lines.split('\n').flatMap((line) => line.trim().split(/: (.*)/, 2));
}
