/** Cells under each other, numbers to the right. */

/** `right`: columns, counted from 0, that end under each other. Two blanks between columns. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const count = Math.max(0, ...rows.map(row => row.length));
  const widths = Array.from({ length: count }, (_, at) => Math.max(...rows.map(row => row[at]?.length ?? 0)));
  return rows.map(row =>
    widths
      .map((width, at) =>
        right.includes(at) ? (row[at] ?? '').padStart(width) : (row[at] ?? '').padEnd(width),
      )
      .join('  ')
      .trimEnd(),
  );
}
