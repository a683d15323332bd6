import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GoingAway } from '../../../../src/adapters/proxy/builtin/going-away.ts';

const goodbye = Buffer.from([0x88, 2, 0x03, 0xe9]);
const lengths = fc.oneof(fc.nat(20), fc.constantFrom(125, 126, 127, 65_535, 65_536, 70_000));

/** A frame as servers send it, or masked, as clients do. */
function frame(length: number, masked: boolean): Buffer {
  const wide = length > 65_535 ? 8 : length > 125 ? 2 : 0;
  const head = Buffer.alloc(2 + wide);
  head[0] = 0x82;
  head[1] = (wide === 8 ? 127 : wide === 2 ? 126 : length) | (masked ? 0x80 : 0);
  if (wide === 2) head.writeUInt16BE(length, 2);
  if (wide === 8) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0, 1), Buffer.alloc(length, 0x88)]);
}

test('a client hears whole frames, then that this end goes away, then nothing', async () => {
  const run = fc.record({
    frames: fc.array(fc.record({ length: lengths, masked: fc.boolean() }), { maxLength: 5 }),
    cuts: fc.array(fc.nat(200_000), { maxLength: 6 }),
    leaveAt: fc.nat(8),
  });
  await fc.assert(
    fc.asyncProperty(run, async ({ frames, cuts, leaveAt }) => {
      const made = frames.map(({ length, masked }) => frame(length, masked));
      const all = Buffer.concat(made);
      const ends = [...new Set(cuts.map((cut) => cut % (all.length + 1)))].toSorted(
        (a, b) => a - b,
      );
      const chunks = [0, ...ends].map((from, at) => all.subarray(from, ends[at] ?? all.length));
      const stream = new GoingAway();
      const heard: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => heard.push(chunk));
      let passed = 0;
      for (const [at, chunk] of chunks.entries()) {
        if (at === leaveAt % chunks.length) stream.leave();
        else if (at < leaveAt % chunks.length) passed += chunk.length;
        stream.write(chunk);
      }
      // The first end of a frame that is not before what had passed.
      const boundaries = made.reduce((sums, one) => [...sums, sums.at(-1)! + one.length], [0]);
      const last = boundaries.find((end) => end >= passed)!;
      stream.end();
      await new Promise((resolve) => stream.once('end', resolve));
      expect(Buffer.concat(heard).equals(Buffer.concat([all.subarray(0, last), goodbye]))).toBe(
        true,
      );
    }),
    { numRuns: 60 },
  );
});

test('without leaving, everything passes as it is', async () => {
  const sent = Buffer.concat([frame(3, false), frame(70_000, true), frame(0, false)]);
  const stream = new GoingAway();
  stream.end(sent);
  const heard = await stream.toArray();
  expect(Buffer.concat(heard as Buffer[]).equals(sent)).toBe(true);
});
