import { isoIn } from '../model/timezone.ts';

/** What reports need of a gate's decision. */
export interface ReportedGate {
  readonly name: string;
  readonly open: boolean;
  readonly reason: string;
  readonly message: string;
  readonly hint: string | null;
  /** Ms since 1970. */
  readonly opensAt?: number;
  /** In which people think of `opensAt`. */
  readonly timezone?: string;
}

export interface GatesJson {
  readonly schema: 1;
  readonly ok: true;
  readonly environment: string;
  readonly at: string;
  /** Every gate is open. */
  readonly open: boolean;
  readonly gates: readonly GateJson[];
}

export interface GateJson {
  readonly name: string;
  readonly open: boolean;
  readonly reason: string;
  readonly message: string;
  readonly hint: string | null;
  /** When it opens by itself, in the timezone of what closed it; `null` where it does not, or nobody knows. */
  readonly opens_at: string | null;
}

/** The document of `sallyport gates --json` (DESIGN.md §5); scripts rely on its shape. */
export function gatesJson(asked: {
  readonly environment: string;
  /** Ms since 1970. */
  readonly at: number;
  readonly gates: readonly ReportedGate[];
}): GatesJson {
  const { environment, at, gates } = asked;
  const open = gates.every((gate) => gate.open);
  return {
    schema: 1,
    ok: true,
    environment,
    at: isoIn('UTC', at),
    open,
    gates: gates.map(gateJson),
  };
}

function gateJson({
  name,
  open,
  reason,
  message,
  hint,
  opensAt,
  timezone,
}: ReportedGate): GateJson {
  const opens = opensAt === undefined ? null : isoIn(timezone ?? 'UTC', opensAt);
  return { name, open, reason, message, hint, opens_at: opens };
}
