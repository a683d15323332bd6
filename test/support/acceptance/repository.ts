import { freePorts } from '../../../src/bin/rehearsal/free-ports.ts';
import { sampleFiles } from '../../../src/sandbox/sample/service.ts';

export const configPath = '.github/sallyport.yml';
export const agentName = 'web-1';

/** Ports of this machine for the two environments. */
export interface Ports {
  readonly production: number;
  readonly staging: number;
  readonly slots: readonly number[];
}

export async function choosePorts(): Promise<Ports> {
  const [production = 0, staging = 0, ...slots] = await freePorts(6);
  return { production, staging, slots };
}

/** `.github/sallyport.yml`: every step has something to do, and no wait is longer than it must be. */
export function configText(agentKey: string, { production, staging, slots }: Ports): string {
  return `version: 1

targets:
  web:
    kind: service
    build: [node, --version]
    test: [node, check.js]
    run: [node, server.js]
    ports: { blue: ${slots[0]}, green: ${slots[1]} }
    health:
      path: /ping
      interval: 50ms
      timeout: 5s
      deadline: 10s
      version: { path: /version, equals: "{version}" }
    smoke: [node, SMOKE.js]
    drain: 1s
    proxy: { driver: builtin, listen: ${production} }

agents:
  ${agentName}: { key: "${agentKey}", environments: [production, staging] }

environments:
  production:
    targets: [web]
    hosts: [${agentName}]
    require: { refs: [main, pull] }
  staging:
    sync: auto
    targets: [web]
    hosts: [${agentName}]
    trigger: { branches: main, tags: "2.*" }
    override:
      web:
        ports: { blue: ${slots[2]}, green: ${slots[3]} }
        proxy: { listen: ${staging} }
`;
}

/** A release that answers as `version`. */
export function release(version: string): Readonly<Record<string, string>> {
  return sampleFiles(version, 'good');
}

/** The last words of a release that ends at its start. */
export const lastWords = 'ECONNREFUSED: no database at db.internal:5432';

/** A release whose build and test succeed, and that ends at its start. */
export function crashingRelease(version: string): Readonly<Record<string, string>> {
  const server = `console.log('starting ${version}');\nconsole.error('${lastWords}');\nprocess.exit(3);\n`;
  return { ...release(version), 'server.js': server };
}
