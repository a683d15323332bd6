import { expect, test } from 'vitest';
import { findUnitsOf } from '../../src/bin/anothers-units.ts';

const unit = 'sallyport-production.web.blue.service';

/** A manager in which `unit` runs; it ends it with this status. */
function managerThat(ends: number) {
  const asked: string[] = [];
  const run = async (command: readonly string[]) => {
    const words = command.join(' ');
    asked.push(words);
    const isActive = words.includes('is-active');
    const status = isActive ? (words.endsWith(unit) ? 0 : 3) : ends;
    return { status, stdout: '', stderr: status === 1 ? 'Job failed\nIt hangs.\n' : '' };
  };
  return { asked, machine: { run } };
}

const names = ['production.web.blue', 'production.web.green'];

test('what runs in the manager of the user is found and ended there', async () => {
  const { asked, machine } = managerThat(0);
  const found = await findUnitsOf({ uid: 990, gid: 991 }, names, machine);
  expect(found.map(({ name }) => name)).toEqual(['production.web.blue']);
  await found[0]!.stop();
  expect(asked.at(-1)).toBe(
    `setpriv --reuid=990 --regid=991 --clear-groups env XDG_RUNTIME_DIR=/run/user/990 systemctl --user disable --now --quiet ${unit}`,
  );
});

test('what does not end is told, so that its files are not taken away below it', async () => {
  const [found] = await findUnitsOf({ uid: 990, gid: 991 }, names, managerThat(1).machine);
  await expect(found!.stop()).rejects.toMatchObject({
    code: 'stop_failed',
    message: `${unit} did not end: It hangs.`,
  });
});
