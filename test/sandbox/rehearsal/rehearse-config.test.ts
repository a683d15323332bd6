import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { rehearseConfig, type Stage } from '../../../src/sandbox/rehearsal/rehearse-config.ts';

const production = `version: 1
targets:
  web:
    kind: service
    run: [node, server.js] # as it always was
    ports: { blue: 8001, green: 8002 }
    roles: [web]
    init: systemd
    proxy: { driver: nginx, listen: 80 }
agents:
  web-1: { key: "ed25519:x", environments: [production], roles: [web] }
environments:
  production:
    hosts: [web-1]
    trigger: { tags: "v*" }
    override: { web: { ports: { blue: 9001, green: 9002 } } }
`;

function stage(): Stage {
  let port = 20_000;
  return { agent: 'here', agentKey: 'ed25519:y', freePort: () => (port += 1) };
}

test('a production config becomes playable on one machine', () => {
  const { text, listens } = rehearseConfig(production, 'production', stage());
  const config = parse(text) as Record<string, Record<string, Record<string, unknown>>>;
  expect(config['targets']!['web']).toMatchObject({
    init: 'process',
    proxy: { driver: 'builtin', listen: listens['web'] },
    ports: { blue: 20_002, green: 20_003 },
  });
  expect(config['environments']!['production']).toMatchObject({
    hosts: ['here'],
    override: { web: {} },
  });
  expect(Object.keys(config['agents']!)).toEqual(['here']);
});

test('it says what it replaced, and keeps comments', () => {
  const { text, changes } = rehearseConfig(production, 'production', stage());
  expect(changes).toContain('web: init is "process" instead of "systemd"');
  expect(changes.join('\n')).toMatch(/web: proxy is .*builtin.* instead of .*nginx/);
  expect(text).toContain('# as it always was');
});

test('an environment that is not there is named with those that are', () => {
  expect(() => rehearseConfig(production, 'staging', stage())).toThrow(
    /has no environment staging; it has production/,
  );
});

test('a config that says no more than it must is playable too', () => {
  const least = `version: 1
targets: { web: { kind: service, run: [node, .], ports: { blue: 1, green: 2 }, proxy: { listen: 3 } } }
environments: { production: {} }
`;
  const { text, listens } = rehearseConfig(least, 'production', stage());
  expect(parse(text)).toMatchObject({
    targets: { web: { init: 'process', proxy: { driver: 'builtin', listen: listens['web'] } } },
    environments: { production: { hosts: ['here'] } },
  });
});

test('a target that does not come to the environment is left alone', () => {
  const two = `version: 1
targets:
  web: { kind: service, run: [node, .], ports: { blue: 1, green: 2 }, proxy: { listen: 3 } }
  admin: { kind: service, run: [node, .], ports: { blue: 4, green: 5 }, proxy: { listen: 6 } }
environments: { production: { targets: [{ name: web, kind: service }] } }
`;
  const { text, listens } = rehearseConfig(two, 'production', stage());
  expect(Object.keys(listens)).toEqual(['web']);
  expect(text).toContain('proxy: { listen: 6 }');
});
