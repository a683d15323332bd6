/**
 * Why a unit or a deployment is where it is. A closed list; the numbers stand in
 * signed records, so entries are only ever added, never renumbered.
 */
export const reasons = {
  none: 0,
  // waiting
  queued: 1,
  not_my_turn: 2,
  ledger_gap: 3,
  awaiting_approval: 4,
  window_closed: 5,
  frozen: 6,
  locked: 7,
  paused: 8,
  held: 9,
  // refused
  untrusted_key: 10,
  expired: 11,
  not_reachable: 12,
  not_allowed_here: 13,
  config_invalid: 14,
  target_missing: 15,
  kind_not_permitted: 16,
  quarantined: 17,
  gate_closed: 18,
  /** The plan is not the one that was approved. */
  plan_changed: 19,
  breaking_change: 20,
  /** GitHub's wait timer. */
  wait_timer: 21,
  /** A pull request keeps the environment. */
  pull_hold: 24,
  /** Between two batches of hosts. */
  rollout_pause: 25,
  /** A host of the rollout has not been heard of. */
  host_unknown: 26,
  // failed before the switch: traffic was never touched
  fetch_failed: 30,
  layout_failed: 31,
  build_failed: 32,
  test_failed: 33,
  start_failed: 34,
  unhealthy: 35,
  wrong_version: 36,
  smoke_failed: 37,
  secret_missing: 38,
  disk_full: 39,
  port_taken: 40,
  plan_failed: 41,
  backup_failed: 42,
  path_not_allowed: 43,
  unsafe_path: 44,
  too_large: 45,
  not_writable: 46,
  // failed at or after the switch
  switch_failed: 50,
  verify_failed: 51,
  rollback_failed: 52,
  no_backup: 53,
  apply_failed: 54,
  reload_failed: 55,
  timed_out: 56,
  hook_failed: 57,
  /** In the watch period after the switch, or as a canary. */
  watch_failed: 58,
  /** The proxy refused what was asked of it. */
  proxy_refused: 59,
  // ended from outside
  rejected: 60,
  cancelled: 61,
  superseded: 62,
  nothing_to_change: 63,
  later_unit_failed: 64,
  lease_lost: 65,
  interrupted: 66,
  /** A host that was down when it was its turn. */
  host_skipped: 67,
  // said by a host of itself
  drifted: 70,
  healed: 71,
  operator: 72,
  /** Healthy in the idle slot; a person moves the traffic. */
  staged: 73,
  /** Traffic went back to the warm slot, since the live one died. */
  fell_back: 74,
  // our own fault
  internal: 90,
} as const;

export type Reason = keyof typeof reasons;

export function isReason(text: string): text is Reason {
  return Object.hasOwn(reasons, text);
}
