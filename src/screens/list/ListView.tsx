/** A list: what stands above it, titles, a page of rows, the chosen one marked. */
import { type ReactNode, useLayoutEffect } from 'react';
import type { Keyed } from '../../core/page.ts';
import { cell } from '../components/cell.ts';
import { Line, Toned } from '../components/Line.tsx';
import { type Look, useLook, useObserved } from '../look.ts';
import type { Column, List } from './list.ts';
import type { ListScreen } from './list-screen.ts';

/** Titles of the columns. */
const headRows = 1;
const gap = 2;

interface ListViewProps<Row extends Keyed> {
  readonly screen: ListScreen<Row>;
  /** Rows of the work area that the list may take. */
  readonly height: number;
}

export function ListView<Row extends Keyed>({ screen, height }: ListViewProps<Row>): ReactNode {
  const { list, above, nothing } = screen;
  const look = useLook();
  const { columns } = look.window;
  useObserved(list);
  const room = Math.max(1, height - above.length - headRows);
  useLayoutEffect(() => list.resize(room), [list, room]);
  const widths = widthsOf(list.columns, columns - 2);
  const { rows } = list.page;
  return (
    <>
      {above.map(({ text, isBad = false }, place) => {
        // A line above the list is its place, whatever stands there.
        const key = `above ${place}`;
        return (
          <Line key={key} tone={isBad ? 'bad' : 'plain'}>
            {` ${text}`}
          </Line>
        );
      })}
      <Line>{`  ${list.columns.map((column, i) => titleOf(column, widths[i] ?? 0, list, look)).join('')}`}</Line>
      {rows.length === 0 && list.isLoaded && <Line>{`  ${nothing}`}</Line>}
      {rows.map((row, place) => {
        // A line of the page is its place, whatever stands there.
        const key = `line ${place}`;
        return <RowLine key={key} list={list} row={row} widths={widths} chosen={place === list.index} />;
      })}
    </>
  );
}

interface RowLineProps<Row extends Keyed> {
  readonly list: List<Row>;
  readonly row: Row;
  readonly widths: readonly number[];
  readonly chosen: boolean;
}

function RowLine<Row extends Keyed>({ list, row, widths, chosen }: RowLineProps<Row>): ReactNode {
  const { glyphs } = useLook();
  return (
    <Line>
      {chosen ? `${glyphs.marker} ` : '  '}
      {list.columns.map((column, i) => {
        const text =
          cell(column.text(row), Math.max(0, (widths[i] ?? 0) - gap), column.align) + ' '.repeat(gap);
        const tone = column.tone?.(row) ?? 'plain';
        return tone === 'plain' ? (
          text
        ) : (
          <Toned key={column.id} tone={tone}>
            {text}
          </Toned>
        );
      })}
    </Line>
  );
}

/** Of each column with the gap after it; those without a width of their own share what is left. */
function widthsOf<Row>(columns: readonly Column<Row>[], available: number): number[] {
  const fixed = columns.reduce((sum, { width }) => sum + (width === undefined ? 0 : width + gap), 0);
  const loose = columns.filter(({ width }) => width === undefined).length;
  const share = loose === 0 ? 0 : Math.max(gap + 1, Math.floor((available - fixed) / loose));
  return columns.map(({ width }) => (width === undefined ? share : width + gap));
}

/** Which column it is sorted by, and which one is being picked, is marked beside the title. */
function titleOf<Row extends Keyed>(
  column: Column<Row>,
  width: number,
  list: List<Row>,
  { glyphs }: Look,
): string {
  const { sort, descending } = list.state;
  const order = column.id === sort ? (descending ? glyphs.down : glyphs.up) : '';
  const pick = list.picked === column ? glyphs.marker : '';
  return cell(`${pick}${column.title}${order}`, Math.max(0, width - gap), column.align) + ' '.repeat(gap);
}
