import { expect, test } from 'vitest';
import {
  withoutRoute,
  withRoute,
  type Placement,
} from '../../../../src/adapters/proxy/caddy/edit-config.ts';
import { routeFiles } from '../../../../src/adapters/proxy/caddy/layout.ts';
import { writeSnippet } from '../../../../src/adapters/proxy/caddy/snippet.ts';

const options = { state: '/var/lib/sallyport', admin: 'http://127.0.0.1:2019' };
const users = {
  admin: { listen: '127.0.0.1:2019' },
  apps: {
    http: { servers: { srv0: { listen: [':443'], routes: [{ '@id': 'theirs' }] } } },
    tls: { certificates: { load_files: [{ certificate: '/u.pem', key: '/u.key' }] } },
  },
};

function placed(name: string, more: Partial<Placement> = {}): Placement {
  const files = routeFiles(options, name);
  const names = more.names ?? [];
  const preview = { header: 'X-Sallyport-Slot', cookie: 'sallyport_slot' };
  const route = { name, listen: 8080, serverNames: names, preview };
  const snippet = writeSnippet({ route, files, streamDelay: null });
  return {
    id: files.id,
    tag: files.tag,
    snippet,
    port: 8080,
    address: undefined,
    names,
    tls: undefined,
    certificate: '',
    ...more,
  };
}

test('a route in an empty Caddy', async () => {
  const text = `${JSON.stringify(withRoute(null, placed('production.web')), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../fixtures/proxy/caddy-plain.json');
});

test('what a user has stays as it is, and is all that is left when the routes go', () => {
  const tls = { certificate: '/c.pem', key: '/c.key' };
  const [one, two] = [placed('one', { tls, names: ['a.example'] }), placed('two')];
  const both = withRoute(withRoute(users, one), two);
  expect(both).toMatchObject({ admin: users.admin, apps: { http: users.apps.http } });
  expect(withRoute(both, two)).toEqual(both);
  expect(withRoute(withRoute(users, two), one)).toEqual(both);
  expect(withoutRoute(withoutRoute(both, one), two)).toEqual(users);
});

test('routes share a port, those for a name first', () => {
  const all = placed('a-all');
  const named = placed('z-named', { names: ['a.example'] });
  const config = withRoute(withRoute(null, all), named);
  const ids = JSON.stringify(config).match(/"@id":"sallyport_[^"]+/g);
  expect(ids).toEqual(['"@id":"sallyport_z-named', '"@id":"sallyport_a-all']);
});
