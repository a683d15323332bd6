/** What people gave, as variables of a program: `replicas` is SALLYPORT_PARAM_REPLICAS. */
export function paramVariables(
  params: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [`SALLYPORT_PARAM_${name.toUpperCase()}`, value]),
  );
}
