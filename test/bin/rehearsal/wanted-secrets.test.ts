import { expect, test } from 'vitest';
import { wantedSecrets } from '../../../src/bin/rehearsal/wanted-secrets.ts';
import { generateSigningKey } from '../../../src/model/keys.ts';

const target = (secret: string, port: number) =>
  `{ kind: service, run: [node, .], env: { secret: [${secret}] }, ports: { blue: ${port}, green: ${port + 1} }, proxy: { listen: ${port + 2} } }`;
const config = `version: 1
targets: { web: ${target('TOKEN', 10)}, admin: ${target('OTHER', 20)} }
agents: { here: { key: "${generateSigningKey().public.text}", environments: [production] } }
environments: { production: { targets: [web], hosts: [here] } }
`;

test('what the targets of the environment ask for comes from whoever rehearses', () => {
  expect(wantedSecrets(config, 'production', { TOKEN: 'x', MORE: 'y' })).toEqual({ TOKEN: 'x' });
});

test('what is missing is named before anything starts', () => {
  expect(() => wantedSecrets(config, 'production', {})).toThrow(
    expect.objectContaining({
      code: 'secret_missing',
      exit: 2,
      message: expect.stringContaining('TOKEN'),
    }),
  );
});
