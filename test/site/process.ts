/** What Linux tells of a process. */
import { readFileSync } from 'node:fs';

/** CPU seconds that a process and, for PostgreSQL, its children have used. */
export function cpuSeconds(pid: number, withChildren = false): number {
  const ticks = (id: number) => {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const children = withChildren ? Number(fields[13]) + Number(fields[14]) : 0;
      return Number(fields[11]) + Number(fields[12]) + children;
    } catch {
      return 0;
    }
  };
  let total = ticks(pid);
  if (withChildren) {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    for (const child of list === '' ? [] : list.split(' ')) total += ticks(Number(child));
  }
  return total / 100;
}

/** Resident memory in MB. */
export function residentMb(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) / 1024;
}
