// Bundles the extension into dist/extension.js, so that the package needs no node_modules.
import {copyFileSync} from 'node:fs';
import {build} from 'esbuild';

copyFileSync('../../docs/schema/config.schema.json', 'config.schema.json');
copyFileSync('../../LICENSE', 'LICENSE');
await build({
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  bundle: true,
  platform: 'node',
  target: 'node18',
  format: 'cjs',
  external: ['vscode'],
  minify: process.argv.includes('--minify'),
  logLevel: 'warning',
});
