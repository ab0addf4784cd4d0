// Which preflint is started. Nothing of VS Code in here.
import {accessSync, constants, statSync} from 'node:fs';
import {delimiter, isAbsolute, join} from 'node:path';

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Where a program lies: as given, in the extension's folder, or on PATH; undefined when nowhere. */
export function findServer(configured: string, extensionFolder: string, folder: string | undefined,
                           path = process.env.PATH ?? ''): string | undefined {
  if (configured !== '') {
    if (configured.includes('/') || configured.includes('\\')) {
      const full = isAbsolute(configured) || folder === undefined ? configured : join(folder, configured);
      return runs(full) ? full : undefined;
    }
    return onPath(configured, path);
  }
  const bundled = join(extensionFolder, 'server', 'preflint');
  return runs(bundled) ? bundled : onPath('preflint', path);
}

function onPath(name: string, path: string): string | undefined {
  return path.split(delimiter).filter(isAbsolute).map(one => join(one, name)).find(runs);
}
