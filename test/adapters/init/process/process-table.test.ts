import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { readProcess } from '../../../../src/adapters/init/process/process-table.ts';

test('a process lives until the last of its threads has ended, so what it listened on is free again', async () => {
  // Which of its threads ends first is the kernel's to choose.
  for (let round = 0; round < 10; round += 1) {
    const listen = `require('net').createServer().listen(0, '127.0.0.1', function () {
      console.log(this.address().port);
    })`;
    const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGTERM');
    // Without a turn of the loop nobody asks for its end: it stays a zombie.
    while (readProcess(child.pid!) !== null);
    const server = createServer().listen(Number(String(line)), '127.0.0.1');
    await expect(once(server, 'listening')).resolves.toEqual([]);
    server.close();
  }
});
