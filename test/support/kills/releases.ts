import { GitRepository } from '../git-repository.ts';

export interface Release {
  readonly sha: string;
  readonly version: string;
}

/** The service that is released, as the host's policy has it. */
export interface ReleasedService {
  readonly init: 'systemd' | 'systemd-user';
  /** Where the host has Node. */
  readonly node: string;
  /** The host's public key. */
  readonly key: string;
  /** Where the proxy listens, and its slots. */
  readonly port: number;
  readonly blue: number;
  readonly green: number;
}

/** Commits of a program that answers with its version. */
export class Releases {
  readonly #repository: GitRepository;
  readonly #policy: string;
  #count = 0;

  constructor(folder: string, service: ReleasedService) {
    this.#repository = new GitRepository(folder);
    this.#policy = policyText(service);
  }

  /** Commits another one. A slow one listens only after so many ms. */
  next(slowMs = 0): Release {
    this.#count += 1;
    const version = `1.0.${this.#count}`;
    const sha = this.#repository.commit(version, {
      VERSION: `${version}\n`,
      'server.js': `const server = require('node:http').createServer((request, response) => {
  response.end('${version}\\n');
});
setTimeout(() => server.listen(process.env.PORT, '127.0.0.1'), ${slowMs});
`,
      '.github/sallyport.yml': this.#policy,
    });
    return { sha, version };
  }
}

function policyText({ init, node, key, port, blue, green }: ReleasedService): string {
  return `version: 1
targets:
  web:
    kind: service
    init: ${init}
    run: [${node}, server.js]
    ports: { blue: ${blue}, green: ${green} }
    health: { path: /, interval: 20ms, timeout: 5s, rise: 1, deadline: 30s, version: { path: /version } }
    drain: 1s
    proxy: { listen: ${port} }
agents:
  web-1: { key: "${key}", environments: [production] }
environments:
  production: { targets: [web] }
`;
}
