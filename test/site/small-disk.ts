/** A disk that can be filled: a tmpfs of its own, where this machine lets us have one (Linux, as root). */
import { spawnSync } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, openSync, rmSync, statSync, symlinkSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Why there can be none; undefined: there can. */
export const noSmallDisk =
  process.platform !== 'linux'
    ? 'tmpfs is Linux’s'
    : process.getuid?.() !== 0
      ? 'only root may mount a tmpfs'
      : undefined;

export class SmallDisk {
  readonly folder: string;
  #isMounted = false;

  /** It belongs to whoever owns `like`. Throws where it cannot be mounted. */
  constructor(folder: string, megabytes: number, like: string) {
    this.folder = folder;
    mkdirSync(folder);
    run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder);
    this.#isMounted = true;
    const { uid, gid } = statSync(like);
    chownSync(folder, uid, gid);
  }

  /** Not a byte is left. */
  fill(): void {
    const file = openSync(this.#filler, 'w');
    try {
      for (const page = Buffer.alloc(4_096); ; ) writeSync(file, page);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#filler);
  }

  /** As a USB key whose switch is set. */
  protect(): void {
    run('mount', '-o', 'remount,ro', this.folder);
  }

  /** Moves a folder onto the disk, and leaves a link to it. */
  take(folder: string): void {
    run('mv', folder, this.folder);
    symlinkSync(join(this.folder, basename(folder)), folder);
  }

  /** Moves it back. */
  giveBack(folder: string): void {
    rmSync(folder);
    run('mv', join(this.folder, basename(folder)), folder);
  }

  /** Also while it is used; twice is once. */
  unmount(): void {
    if (this.#isMounted) run('umount', '--lazy', this.folder);
    this.#isMounted = false;
  }

  get #filler(): string {
    return join(this.folder, 'filler');
  }
}

function run(command: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`${command}: ${stderr}`);
}
