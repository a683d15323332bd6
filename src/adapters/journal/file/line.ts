import { createHash } from 'node:crypto';
import { SallyportError } from '../../../model/errors.ts';

/** One line: an entry as it stands in the file, its body not yet looked at. */
export interface Line {
  readonly seq: number;
  readonly at: number;
  readonly body: unknown;
}

/** A place between two lines: where the next one goes and what it refers back to. */
export interface LineEnd {
  /** `seq` of the last line before it; 0 at the start. */
  readonly seq: number;
  /** SHA-256 of the last line before it, in hexadecimal; 64 zeros at the start. */
  readonly hash: string;
  /** Its place in the file, in bytes. */
  readonly offset: number;
}

export const startOfFile: LineEnd = { seq: 0, hash: '0'.repeat(64), offset: 0 };

export interface ScannedLines {
  readonly lines: readonly Line[];
  readonly end: LineEnd;
  /** Bytes of a torn last line after `end`; 0 where the file ends clean. */
  readonly torn: number;
}

const newline = 0x0a;
const sumPattern =
  /^(\{"seq":(\d+),"at":(\d+),"prev":"([0-9a-f]{64})","body":.*),"sum":"([0-9a-f]{16})"\}$/su;

/** The bytes of the next line after `end`, and the place after it. */
export function encodeLine(
  end: LineEnd,
  at: number,
  body: unknown,
): { readonly bytes: Buffer; readonly line: Line; readonly end: LineEnd } {
  const seq = end.seq + 1;
  const written = JSON.stringify(body);
  const head = `{"seq":${seq},"at":${at},"prev":"${end.hash}","body":${written}`;
  const text = `${head},"sum":"${sumOf(head)}"}`;
  const bytes = Buffer.from(`${text}\n`);
  return {
    bytes,
    line: { seq, at, body: JSON.parse(written) as unknown },
    end: { seq, hash: sha256(text), offset: end.offset + bytes.length },
  };
}

export interface CheckedLines extends ScannedLines {
  /** What is wrong with the line after `end`, in words; `null` where all lines hold. */
  readonly wrong: string | null;
}

/**
 * Reads the lines that follow `from`, as `checkLines` does. What does not fit is damage:
 * `journal_damaged`, naming the entry.
 */
export function scanLines(bytes: Buffer, from: LineEnd, path: string): ScannedLines {
  const { wrong, ...scanned } = checkLines(bytes, from);
  if (wrong !== null) throw damaged(path, scanned.end.seq + 1, wrong);
  return scanned;
}

/**
 * Reads the lines that follow `from`, up to the first that does not fit. The last one may be torn: a
 * write that was cut has no newline, and a page of it that never reached the disk reads as NULs.
 */
export function checkLines(bytes: Buffer, from: LineEnd): CheckedLines {
  const lines: Line[] = [];
  let end = from;
  let start = 0;
  while (start < bytes.length) {
    const stop = bytes.indexOf(newline, start);
    const isLast = stop === -1 || stop === bytes.length - 1;
    const raw = bytes.subarray(start, stop === -1 ? bytes.length : stop);
    if (isLast && isTorn(raw, stop !== -1)) {
      return { lines, end, torn: bytes.length - start, wrong: null };
    }
    const line = judgeLine(raw, end);
    if ('wrong' in line) return { lines, end, torn: 0, wrong: line.wrong };
    if (stop === -1) return { lines, end, torn: 0, wrong: 'its line does not end' };
    lines.push(line);
    end = { seq: line.seq, hash: sha256(raw), offset: from.offset + stop + 1 };
    start = stop + 1;
  }
  return { lines, end, torn: 0, wrong: null };
}

export function damaged(path: string, seq: number, why: string): SallyportError {
  return new SallyportError({
    code: 'journal_damaged',
    message: `${path} is damaged at entry ${seq}: ${why}. Nothing was changed.`,
    hint: `Copy ${path} away for a look, then cut it before entry ${seq} or restore a backup.`,
    next: 'stalled',
  });
}

function isTorn(raw: Buffer, hasNewline: boolean): boolean {
  if (hasNewline) return raw.includes(0);
  // A whole line with something else where its newline was: that was acknowledged, so it is damage.
  return !sumPattern.test(raw.subarray(0, -1).toString('utf8'));
}

/** The line, where it is whole and follows the one before; else what is wrong, in words. */
function judgeLine(raw: Buffer, before: LineEnd): Line | { readonly wrong: string } {
  const [, head, seq, at, prev, sum] = sumPattern.exec(raw.toString('utf8')) ?? [];
  if (head === undefined) return { wrong: 'it is not an entry at all' };
  if (sumOf(head) !== sum) return { wrong: 'its checksum is wrong: it was changed' };
  if (Number(seq) !== before.seq + 1) {
    return { wrong: `it is entry ${seq}: what belongs here was removed or moved` };
  }
  if (prev !== before.hash) {
    const earlier =
      before.seq === 0
        ? 'it does not begin the chain'
        : `it does not follow from entry ${before.seq}`;
    return { wrong: `${earlier}: one of them was changed or replaced` };
  }
  const { body } = JSON.parse(`${head}}`) as { body: unknown };
  return { seq: Number(seq), at: Number(at), body };
}

function sumOf(text: string): string {
  return sha256(text).slice(0, 16);
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
