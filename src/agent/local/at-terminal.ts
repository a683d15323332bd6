/** A gate's hint with what people type in GitHub as they type it at a terminal of this host. */
export function atTerminal(hint: string, deployment?: number): string {
  return hint
    .replaceAll(/(^|[\s(])\/approve \S+/g, `$1sallyport approve ${deployment ?? 'ID'}`)
    .replaceAll(
      /(^|[\s(])\/(?=(?:deploy|plan|rollback|switch|status|unlock|resume) )/g,
      '$1sallyport ',
    )
    .replaceAll(/(sallyport deploy \S+) @/g, '$1 --ref ');
}
