// From an edit to the diagnostics that tell of it, over the wire: edits.mjs NAME LANGUAGE FILE SERVER [ARGUMENT…]
// opens FILE in a folder of its own, then types and removes a bracket that does not belong there, at one place after the
// other, and waits each time until the pushed diagnostics say so. Prints a row of a table in Markdown: median and 99th
// percentile in milliseconds. PEERS is a folder whose node_modules has vscode-languageserver-protocol; EDITS how many are
// measured, after five that are not.
import {spawn} from 'node:child_process';
import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {pathToFileURL} from 'node:url';

const {createProtocolConnection, StreamMessageReader, StreamMessageWriter} =
    createRequire(join(process.env.PEERS, '/'))('vscode-languageserver-protocol/node');
const [name, languageId, file, command, ...rest] = process.argv.slice(2);
const edits = Number(process.env.EDITS ?? 60);
const warmup = 5;
const patience = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'preflint-edits-'));
cpSync(file, join(folder, basename(file)));
writeFileSync(join(folder, 'preflint.yaml'), 'profile: autodl\n');
const uri = pathToFileURL(join(folder, basename(file))).href;
const text = readFileSync(file, 'utf8');
const head = 10;  // what stands at the top may be wrong for a peer: imports that it cannot find
const lines = text.split('\n').length - 1;

const server = spawn(command, rest, {stdio: ['pipe', 'pipe', 'ignore']});
server.on('error', error => { throw error; });
const wire = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
let told = () => {};
wire.onNotification('textDocument/publishDiagnostics', params => {
  if (decodeURIComponent(params.uri) === decodeURIComponent(uri)) told(params.diagnostics);
});
wire.onRequest('client/registerCapability', () => null);
wire.onRequest('window/workDoneProgress/create', () => null);
wire.onRequest('workspace/configuration', params => params.items.map(() => null));
wire.onRequest('workspace/diagnostic/refresh', () => null);
wire.listen();

/** The milliseconds from now until diagnostics come that are as wanted. */
function until(wanted, what) {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name}: no diagnostics within a minute after ${what}`)), patience);
    told = diagnostics => {
      if (!wanted(diagnostics)) return;
      clearTimeout(timer);
      resolve(performance.now() - begin);
    };
  });
}

const root = pathToFileURL(folder).href;
await wire.sendRequest('initialize', {
  processId: process.pid, rootUri: root, workspaceFolders: [{uri: root, name: 'edits'}],
  capabilities: {textDocument: {publishDiagnostics: {versionSupport: true}}},
});
await wire.sendNotification('initialized', {});
const opened = until(() => true, 'opening');
await wire.sendNotification('textDocument/didOpen', {textDocument: {uri, languageId, version: 1, text}});
const first = await opened;

// A bracket in the first column of a line of its own: for both languages a syntax error that every peer reports as one.
const broken = (diagnostics, line) => diagnostics.some(one => one.severity === 1 && one.range.start.line === line);
const times = [];
let version = 1;
for (let i = 0; i < edits + warmup; ++i) {
  const typed = i % 2 === 0;
  // The same line is mended in the next round.
  const line = head + ((i - i % 2) * 7919) % (lines - head);
  const start = {line, character: 0};
  const change = typed ? {range: {start, end: start}, text: ')\n'} : {range: {start, end: {line: line + 1, character: 0}}, text: ''};
  const answer = until(diagnostics => broken(diagnostics, line) === typed, `edit ${i}`);
  await wire.sendNotification('textDocument/didChange', {textDocument: {uri, version: ++version}, contentChanges: [change]});
  const took = await answer;
  if (i >= warmup) times.push(took);
}
times.sort((a, b) => a - b);
const shown = value => value < 10 ? value.toFixed(1) : String(Math.round(value));
const at = part => times[Math.min(times.length - 1, Math.floor(times.length * part))];
console.log(`| ${name} | ${shown(first)} ms | ${shown(at(0.5))} ms | ${shown(at(0.99))} ms |`);
server.kill();
rmSync(folder, {recursive: true, force: true});
process.exit(0);
