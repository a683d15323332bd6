/**
 * What is of one target in one environment, as one name: `production.web`. Names may hold dots;
 * doubled, none of them looks like the one between two names: what belongs to `web.blue` must
 * never be taken for slot blue of `web`, nor `a.b` of `c` for `b.c` of `a`.
 */
export function routeOf(environment: string, target: string): string {
  return [environment, target].map((name) => name.replaceAll('.', '..')).join('.');
}
