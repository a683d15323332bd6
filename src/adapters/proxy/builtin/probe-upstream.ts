import { request } from 'node:http';
import { dialOptions, type Upstream } from '../../../model/upstream.ts';

/** Whether something there speaks HTTP: any answer will do, the agent judged its health before. */
export async function answersHttp(upstream: Upstream, timeoutMs: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const asking = request(
      { ...dialOptions(upstream), method: 'HEAD', path: '/', agent: false },
      (answer) => {
        answer.resume();
        resolve(true);
      },
    );
    asking.setTimeout(timeoutMs, () => asking.destroy());
    asking.once('error', () => resolve(false));
    asking.once('close', () => resolve(false));
    asking.end();
  });
}
