import type { IncomingMessage } from 'node:http';
import { ApiError } from './errors.ts';

const maxBytes = 25 * 1024 * 1024;

/** A request's JSON, or undefined where there is none; throws 400 or 413. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = (await readBytes(request)).toString('utf8');
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiError(400, 'Problems parsing JSON');
  }
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) throw new ApiError(413, 'Payload too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
