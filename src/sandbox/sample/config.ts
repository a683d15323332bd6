/** What the rehearsal fills in: the host's name and key, and ports that are free on this machine. */
export interface SampleSetting {
  readonly agent: string;
  readonly agentKey: string;
  readonly listen: number;
  readonly blue: number;
  readonly green: number;
}

/** `.github/sallyport.yml` of the sample repository. */
export function sampleConfig({ agent, agentKey, listen, blue, green }: SampleSetting): string {
  return `version: 1

targets:
  web:
    kind: service
    test: [node, check.js]
    run: [node, server.js]
    ports: { blue: ${blue}, green: ${green} }
    health:
      path: /ping
      interval: 200ms
      deadline: 5s
      version: { path: /version, equals: "{version}" }
    smoke: [node, SMOKE.js]
    drain: 2s
    init: process
    proxy: { driver: builtin, listen: ${listen} }

agents:
  ${agent}: { key: "${agentKey}", environments: [production] }

environments:
  production:
    sync: manual
    targets: [web]
    hosts: [${agent}]
    require: { refs: [main, pull] }
`;
}
