import { z } from 'zod';
import { SallyportError } from '../../model/errors.ts';
import type { FileReader } from '../ports.ts';
import { orNull, type Ask } from './request.ts';

const File = z.object({
  type: z.literal('file'),
  encoding: z.string(),
  content: z.string(),
  size: z.number(),
});

export function readFiles(ask: Ask): FileReader {
  return {
    async file(path, sha) {
      const answer = await orNull(
        ask('GET /repos/{owner}/{repo}/contents/{path}', { path, ref: sha }),
      );
      if (answer === null) return null;
      const file = File.safeParse(answer);
      // Files over 1 MiB come without content; folders and links are no files.
      if (!file.success || file.data.encoding !== 'base64') {
        throw new SallyportError({
          code: 'config_invalid',
          message: `${path} at ${sha.slice(0, 7)} is not a file of at most 1 MiB`,
          hint: 'Check it with: sallyport validate',
        });
      }
      return Buffer.from(file.data.content, 'base64').toString('utf8');
    },
  };
}
