import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The config dirs that the library scans if none are passed: the same rule, to tell users where it looked. Those of sessions of
 * the desktop application are not included.
 */
export function defaultConfigDirs(): string[] {
  const list = process.env.CLAUDE_CONFIG_DIR;
  if (list)
    return list
      .split(',')
      .map((path) => path.trim())
      .filter((path) => path !== '')
      .map((path) => resolve(path));
  return [join(homedir(), '.claude'), join(homedir(), '.config', 'claude')];
}
