import { Button } from '@mantine/core';
import { useState } from 'react';
import { tell, tellProblem } from '#ui/problem.tsx';

/** A column of the file: its heading and what stands below it. */
export type ExportColumn<Row> = readonly [heading: string, value: (row: Row) => string];

type Page<Row> = { data: Row[]; has_more: boolean };
type Props<Row> = {
  fileName: string;
  columns: readonly ExportColumn<Row>[];
  /** A page of what the list shows, with its filters; 100 rows at a time. */
  page: (after: string | undefined) => Promise<Page<Row>>;
};

const mostRows = 20_000;

/** Quoted where it must be; what a spreadsheet would run as a formula is kept text by a leading mark. */
function cell(text: string): string {
  const safe = /^[=@\t\r]|^[+-](?![\d\s().-]*$)/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

async function everyRow<Row extends { id: string }>(page: Props<Row>['page']): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | undefined;
  for (;;) {
    const { data, has_more: more } = await page(after);
    rows.push(...data);
    after = data.at(-1)?.id;
    if (!more || !after || rows.length >= mostRows) return rows;
  }
}

function save(fileName: string, text: string): void {
  // The mark at the front tells spreadsheets that the file is UTF-8.
  const url = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The list as a file: the same filter, the same order, every page of it. */
export function ExportButton<Row extends { id: string }>({ fileName, columns, page }: Props<Row>) {
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      const rows = await everyRow(page);
      const lines = rows.map((row) => columns.map(([, value]) => cell(value(row))).join(','));
      save(fileName, [columns.map(([heading]) => cell(heading)).join(','), ...lines, ''].join('\r\n'));
      if (rows.length >= mostRows)
        tell(`The first ${rows.length} rows`, 'Narrow the filter to get the rest.');
    } catch (error) {
      tellProblem(error);
    }
    setBusy(false);
  };
  return (
    <Button variant="default" loading={busy} onClick={() => void run()}>
      Export CSV
    </Button>
  );
}
