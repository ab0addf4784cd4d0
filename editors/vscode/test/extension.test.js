// The bundled extension with its real language client and the real server; only the editor is not there.
const assert = require('node:assert/strict');
const {execFileSync} = require('node:child_process');
const {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} = require('node:fs');
const Module = require('node:module');
const {tmpdir} = require('node:os');
const {join} = require('node:path');
const {after, before, test} = require('node:test');
const {host, vscode} = require('./vscode.js');

const load = Module._load;
Module._load = function(request, ...more) {
  return request === 'vscode' ? vscode : load.call(this, request, ...more);
};
const extension = require('../dist/extension.js');

const preflint = process.env.PREFLINT;
const folder = mkdtempSync(join(tmpdir(), 'preflint-vscode-'));
const {seen} = host;
const context = {extensionPath: join(folder, 'no-extension'), subscriptions: []};
const script = '#!/bin/bash\necho "开始 🚀"; git clone https://github.com/acme/widgets.git\n';
let activated;

async function until(what, wanted) {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    const found = wanted();
    if (found) return found;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  assert.fail(`never: ${what}\n${seen.log.join('\n')}`);
}
const found = document => seen.diagnostics.get(document.uri.toString());
const codes = list => list?.map(one => typeof one.code === 'object' ? one.code.value : one.code).sort();

before(async () => {
  writeFileSync(join(folder, 'preflint.yaml'), 'profile: autodl\n');
  writeFileSync(join(folder, 'setup.sh'), script);
  vscode.workspace.workspaceFolders.push({uri: vscode.Uri.file(folder), name: 'p', index: 0});
  seen.settings['preflint.path'] = preflint;
  activated = await extension.activate(context);
});
after(async () => {
  await extension.deactivate();
  rmSync(folder, {recursive: true, force: true});
});

test('the status bar says that the server runs', async () => {
  await until('running', () => seen.status.shown && seen.status.text === '$(check) preflint');
  assert.match(seen.status.tooltip, /preflint/);
});

test('diagnostics are those of the command line, in the language of the editor', async () => {
  const document = host.open(join(folder, 'setup.sh'), 'shellscript', script);
  const list = await until('diagnostics', () => found(document)?.length && found(document));
  let output;
  try {
    output = execFileSync(preflint, ['check', '--output-format', 'jsonl', '--lang', 'zh', join(folder, 'setup.sh')]);
  } catch (fault) {
    output = fault.stdout;
  }
  const lines = output.toString().trim().split('\n').map(line => JSON.parse(line));
  assert.deepEqual(codes(list), lines.map(line => line.rule).sort());
  assert.equal(list[0].message.split('\n')[0], lines[0].message);
  const before = 'echo "开始 🚀"; '.length;  // in UTF-16
  assert.deepEqual([list[0].range.start.line, list[0].range.start.character], [1, before]);
});

test('a fix makes the file that --fix makes', async () => {
  const document = vscode.workspace.textDocuments[0];
  const [diagnostic] = found(document);
  const actions = (await Promise.all(seen.codeActions.map(provider => provider.provideCodeActions(
      document, diagnostic.range, {diagnostics: [diagnostic], only: undefined, triggerKind: 1}, new vscode.CancellationTokenSource().token))))
      .flat();
  const fix = actions.find(action => action.kind?.value === 'quickfix' && action.edit);
  assert.ok(fix, JSON.stringify(actions));
  const [[uri, edits]] = fix.edit.entries();
  assert.equal(uri, document.uri.toString());
  const at = position => document.text.split('\n').slice(0, position.line).join('\n').length + (position.line > 0 ? 1 : 0) + position.character;
  let text = document.text;
  for (const edit of [...edits].sort((a, b) => at(b.range.start) - at(a.range.start))) {
    text = text.slice(0, at(edit.range.start)) + edit.newText + text.slice(at(edit.range.end));
  }
  const copy = join(folder, 'copy');
  mkdirSync(copy);
  writeFileSync(join(copy, 'setup.sh'), script);
  execFileSync(preflint, ['check', '--fix', '--exit-zero', '-q', join(copy, 'setup.sh')]);
  assert.equal(text, readFileSync(join(copy, 'setup.sh'), 'utf8'));
  host.edit(document, text);
  await until('clean', () => found(document)?.length === 0);
});

test('cells of a notebook have diagnostics', async () => {
  const notebook = host.openNotebook(join(folder, 'run.ipynb'), ['print(1)\n', '!git clone https://github.com/acme/widgets.git\n']);
  const cell = notebook.cells[1].document;
  const list = await until('a cell', () => found(cell)?.length && found(cell));
  assert.deepEqual(codes(list), ['NET001']);
  assert.deepEqual(codes(found(notebook.cells[0].document) ?? []), []);
});

test('settings reach the server while it runs', async () => {
  const document = host.open(join(folder, 'other.sh'), 'shellscript', script);
  await until('diagnostics', () => found(document)?.length);
  host.set('preflint.ignore', ['NET001']);
  await until('ignored', () => found(document)?.length === 0);
  host.set('preflint.ignore', []);
});

test('the job map opens as a page', async () => {
  await vscode.commands.executeCommand('preflint.showMap');
  assert.equal(seen.panels.length, 1, seen.errors.join());
  assert.match(seen.panels[0].webview.html, /<svg/);
  assert.match(seen.panels[0].webview.html, /setup\.sh/);
  assert.match(seen.panels[0].webview.html, /任务地图/);
});

test('the restart command starts another server', async () => {
  const first = activated.client();
  await vscode.commands.executeCommand('preflint.restart');
  assert.notEqual(activated.client(), first);
  await until('running', () => seen.status.text === '$(check) preflint');
});

test('a server that is not there is told, with a way to mend it', async () => {
  host.set('preflint.path', '/nowhere/preflint');
  await until('told', () => seen.errors.some(text => text.includes('/nowhere/preflint')));
  assert.equal(seen.status.text, '$(error) preflint');
  host.set('preflint.path', preflint);
  await until('running', () => seen.status.text === '$(check) preflint');
});
