import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** Reads a whole number within a range; for the option parser. */
export function parseCount(maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || value > maximum) {
      throw new InvalidArgumentError(`Write a whole number from 1 to ${maximum}.`);
    }
    return value;
  };
}

/** Reads a path; for the option parser. */
export function parsePath(text: string): string {
  if (text === '') throw new InvalidArgumentError('The path is empty.');
  return resolve(text);
}

/** Reads an option that may be repeated; for the option parser. */
export function collectPaths(text: string, paths: string[] | undefined): string[] {
  return [...(paths ?? []), parsePath(text)];
}

/**
 * The id of a project from its id or one of its folders: the agent program names a project by its path, every character but
 * ASCII letters and digits replaced by a dash. An id holds no slash and no dot, so the two cannot be confused.
 */
export function parseProject(text: string): string {
  if (text === '') throw new InvalidArgumentError('The project is empty.');
  return /[/\\.~]/.test(text) ? resolve(text).replace(/[^A-Za-z0-9]/g, '-') : text;
}
