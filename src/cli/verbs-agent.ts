import { askingOptions } from './verbs-operating.ts';
import type { Verb } from './verb.ts';

/** Which installation is meant. */
const placeOptions = [
  { flags: '--scope <scope>', summary: 'system, or user: without root, for yourself' },
  { flags: '--config <file>', summary: 'its agent.yml' },
] as const;
const yesOption = { flags: '--yes', summary: 'do it without asking' } as const;
const proxyOption = (summary: string) => ({ flags: '--proxy <driver>', summary });

/** The upkeep of the agent on a host; `all` gives the whole table, for completion. */
export function agentVerbs(all: () => readonly Verb[]): readonly Verb[] {
  return [
    {
      name: 'agent install',
      summary: 'Set the agent up on this host, or say what is missing',
      usage: '',
      options: [
        { flags: '--source <source>', summary: 'acme/shop, a Git address, or a folder' },
        {
          flags: '--environment <name>',
          summary: 'served here; may be given again (production)',
          repeats: true,
        },
        { flags: '--name <name>', summary: "the host's name in the policy (its host name)" },
        { flags: '--trust <key>', summary: 'the public key of the App: ed25519:…' },
        { flags: '--user <name>', summary: 'who runs it (sallyport)' },
        {
          flags: '--init <init>',
          summary: 'what starts its services: process, systemd, systemd-user (process)',
        },
        proxyOption('what stands before its services: builtin, nginx, haproxy, caddy (builtin)'),
        ...placeOptions,
        yesOption,
      ],
      examples: [
        'sallyport agent install --source acme/shop --environment production',
        'sudo sallyport agent install --source acme/shop --trust ed25519:… --yes',
        'sallyport agent install --scope user --source https://git.example.org/shop.git',
      ],
      load: async () => (await import('./agent-install.ts')).installOf(all),
    },
    {
      name: 'agent uninstall',
      summary: 'Take the agent away; what it deployed runs on',
      usage: '',
      options: [
        { flags: '--services', summary: 'end its services and the embedded proxy too' },
        { flags: '--purge', summary: 'remove its state, secrets, configuration and user too' },
        ...placeOptions,
        yesOption,
      ],
      examples: [
        'sallyport agent uninstall',
        'sudo sallyport agent uninstall --services --purge --yes',
      ],
      load: () => import('./agent-uninstall.ts'),
    },
    {
      name: 'agent status',
      summary: 'Show whether the agent runs, and what it says of itself',
      usage: '',
      options: placeOptions,
      examples: ['sallyport agent status', 'sallyport agent status --json'],
      load: () => import('./agent-status.ts'),
    },
    {
      name: 'agent doctor',
      summary: 'Check everything that the agent needs, and say what mends it',
      usage: '',
      options: [
        proxyOption('look at this one too: builtin, nginx, haproxy, caddy'),
        ...placeOptions,
      ],
      examples: ['sudo sallyport agent doctor', 'sallyport agent doctor --proxy nginx --json'],
      load: () => import('./agent-doctor.ts'),
    },
    {
      name: 'agent restart',
      summary: 'Start the agent anew; services and the proxy run on',
      usage: '',
      options: placeOptions,
      examples: ['sudo sallyport agent restart'],
      load: () => import('./agent-restart.ts'),
    },
    {
      name: 'agent upgrade',
      summary: 'Bring a signed package into force, or take the last one back',
      usage: '[package]',
      options: [
        { flags: '--back', summary: 'to the version before' },
        { flags: '--allow-downgrade', summary: 'also to an older one' },
        ...placeOptions,
      ],
      examples: [
        'sudo sallyport agent upgrade sallyport-0.2.0-linux-x64.tar.gz',
        'sudo sallyport agent upgrade --back',
      ],
      load: () => import('./agent-upgrade.ts'),
    },
    {
      name: 'agent logs',
      summary: 'Show what the agent wrote to the journal',
      usage: '',
      options: [
        { flags: '--follow', summary: 'go on until interrupted' },
        { flags: '--lines <count>', summary: 'begin with so many of the last (100)' },
        ...placeOptions,
      ],
      examples: ['sallyport agent logs', 'sallyport agent logs --follow'],
      load: () => import('./agent-logs.ts'),
    },
    {
      name: 'agent reconcile',
      summary: 'Compare what is here with what was deployed, now',
      usage: '',
      options: askingOptions,
      examples: ['sallyport agent reconcile', 'sallyport agent reconcile --json'],
      load: () => import('./agent-reconcile.ts'),
    },
  ];
}
