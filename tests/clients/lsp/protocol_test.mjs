// A client that is built on Microsoft's own protocol library drives `preflint lsp` over its pipes.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import protocol from 'vscode-languageserver-protocol/node';
import {TextDocument} from 'vscode-languageserver-textdocument';

const {
  CancellationTokenSource, createProtocolConnection, StreamMessageReader, StreamMessageWriter,
} = protocol;
const binary = process.env.PREFLINT;
const folders = [];

/** A project folder that nothing above it configures. */
function project(files) {
  const folder = mkdtempSync(join(tmpdir(), 'preflint-lsp-'));
  folders.push(folder);
  for (const [name, text] of Object.entries({'preflint.yaml': 'profile: autodl\n', ...files})) {
    writeFileSync(join(folder, name), text);
  }
  return {
    folder,
    root: pathToFileURL(folder).href,
    uri: name => pathToFileURL(join(folder, name)).href,
    write: (name, text) => writeFileSync(join(folder, name), text),
  };
}
after(() => folders.forEach(folder => rmSync(folder, {recursive: true, force: true})));

/** A server with a connection to it. */
class Server {
  static async start(root, capabilities = {}, more = {}) {
    const server = new Server();
    server.process = spawn(binary, ['lsp'], {stdio: ['pipe', 'pipe', 'inherit']});
    // One that crashes would leave every promise waiting.
    server.process.on('exit', (code, signal) => {
      if (server.leaving) return;
      console.error(`the server ended by itself: ${signal ?? code}`);
      server.connection.dispose();
    });
    server.ended = new Promise(resolve => server.process.on('exit', (code, signal) => resolve(signal ?? code)));
    server.connection = createProtocolConnection(
        new StreamMessageReader(server.process.stdout), new StreamMessageWriter(server.process.stdin));
    server.pushed = new Map();
    server.waiting = [];
    server.connection.onNotification('textDocument/publishDiagnostics', params => {
      server.pushed.set(params.uri, params);
      server.waiting = server.waiting.filter(wait => !wait());
    });
    server.connection.onRequest('client/registerCapability', () => null);
    server.connection.onRequest('workspace/configuration', params => params.items.map(() => null));
    server.connection.onRequest('window/workDoneProgress/create', () => null);
    server.connection.onRequest('workspace/diagnostic/refresh', () => null);
    server.connection.listen();
    server.answer = await server.connection.sendRequest('initialize', {
      processId: process.pid, rootUri: root, workspaceFolders: root ? [{uri: root, name: 'p'}] : null, capabilities, ...more,
    });
    await server.connection.sendNotification('initialized', {});
    return server;
  }
  open(uri, text, languageId = 'shellscript', version = 1) {
    return this.connection.sendNotification('textDocument/didOpen', {textDocument: {uri, languageId, version, text}});
  }
  change(uri, version, contentChanges) {
    return this.connection.sendNotification('textDocument/didChange', {textDocument: {uri, version}, contentChanges});
  }
  async pull(uri) {
    const report = await this.connection.sendRequest('textDocument/diagnostic', {textDocument: {uri}});
    return report.items;
  }
  /** The first diagnostics pushed for a URI that are as wanted. */
  until(uri, wanted) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`never pushed: ${uri} ${wanted}`)), 30_000);
      const look = () => {
        const params = this.pushed.get(uri);
        if (!params || !wanted(params.diagnostics)) return false;
        clearTimeout(timer);
        resolve(params.diagnostics);
        return true;
      };
      if (!look()) this.waiting.push(look);
    });
  }
  async leave() {
    this.leaving = true;
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    assert.equal(await this.ended, 0);
    this.connection.dispose();
  }
}

const pulls = {textDocument: {diagnostic: {dynamicRegistration: false}}};
const codes = diagnostics => diagnostics.map(one => one.code);
const plain = diagnostics => diagnostics
    .map(({range, code, severity, message}) => ({range, code, severity, message}))
    .sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const clone = 'git clone https://github.com/acme/widgets.git';

test('columns are right behind Chinese and emoji, in every encoding, after edits', async () => {
  for (const [encoding, length] of [
    ['utf-8', text => Buffer.byteLength(text)], ['utf-16', text => text.length], ['utf-32', text => [...text].length]]) {
    const {root, uri} = project({});
    const server = await Server.start(root, {...pulls, general: {positionEncodings: [encoding]}});
    assert.equal(server.answer.capabilities.positionEncoding, encoding);
    const before = 'echo "开始 🚀"; ';
    await server.open(uri('a.sh'), `#!/bin/bash\n${before}${clone}\n`);
    // Insert more of the same in front, then take a part away again.
    const more = 'echo "前 👩‍🔬"; ';
    await server.change(uri('a.sh'), 2, [
      {range: {start: {line: 1, character: 0}, end: {line: 1, character: 0}}, text: more},
      {range: {start: {line: 1, character: length('echo "')}, end: {line: 1, character: length('echo "前 ')}}, text: '后🚀'},
    ]);
    const line = 'echo "后🚀👩‍🔬"; ' + before + clone;
    const found = await server.pull(uri('a.sh'));
    assert.deepEqual(codes(found), ['NET001'], encoding);
    assert.deepEqual(found[0].range, {
      start: {line: 1, character: length(line) - length(clone)}, end: {line: 1, character: length(line)},
    }, encoding);
    await server.leave();
  }
});

test('an edit in one file refreshes what is found in another', async () => {
  const {root, uri} = project({'env.sh': 'echo nothing\n', 'setup.sh': `#!/bin/bash\n. ./env.sh\n${clone}\n`});
  const server = await Server.start(root);
  await server.open(uri('setup.sh'), `#!/bin/bash\n. ./env.sh\n${clone}\n`);
  await server.until(uri('setup.sh'), found => codes(found).includes('NET001'));
  await server.open(uri('env.sh'), 'echo nothing\n');
  await server.change(uri('env.sh'), 2, [{text: '. /etc/network_turbo || true\n'}]);
  await server.until(uri('setup.sh'), found => !codes(found).includes('NET001'));
  await server.leave();
});

test('a configuration that changes on disk counts at once', async () => {
  const {root, uri, write} = project({});
  const server = await Server.start(root);
  await server.open(uri('a.sh'), `#!/bin/bash\n${clone}\n`);
  await server.until(uri('a.sh'), found => codes(found).includes('NET001'));
  write('preflint.yaml', 'profile: autodl\nignore: [NET001]\n');
  await server.connection.sendNotification(
      'workspace/didChangeWatchedFiles', {changes: [{uri: uri('preflint.yaml'), type: 2}]});
  await server.until(uri('a.sh'), found => found.length === 0);
  await server.leave();
});

test('cells of a notebook are one program and have diagnostics of their own', async () => {
  const {root, uri} = project({});
  const server = await Server.start(root, {...pulls, notebookDocument: {synchronization: {}}});
  const notebook = uri('run.ipynb');
  const cell = number => `vscode-notebook-cell:${new URL(notebook).pathname}#c${number}`;
  const texts = ['print("开始")\n', `!${clone}\n`];
  await server.connection.sendNotification('notebookDocument/didOpen', {
    notebookDocument: {
      uri: notebook, notebookType: 'jupyter-notebook', version: 1,
      cells: texts.map((_, i) => ({kind: 2, document: cell(i)})),
    },
    cellTextDocuments: texts.map((text, i) => ({uri: cell(i), languageId: 'python', version: 1, text})),
  });
  assert.deepEqual(codes(await server.pull(cell(0))), []);
  assert.deepEqual(codes(await server.pull(cell(1))), ['NET001']);
  await server.connection.sendNotification('notebookDocument/didChange', {
    notebookDocument: {uri: notebook, version: 2},
    change: {cells: {textContent: [{document: {uri: cell(1), version: 2}, changes: [{text: 'print(2)\n'}]}]}},
  });
  assert.deepEqual(codes(await server.pull(cell(1))), []);
  await server.connection.sendNotification('notebookDocument/didClose', {
    notebookDocument: {uri: notebook}, cellTextDocuments: texts.map((_, i) => ({uri: cell(i)})),
  });
  await server.leave();
});

test('a request that waits can be cancelled, and the server goes on', async () => {
  const {root, uri} = project({});
  const server = await Server.start(root, pulls);
  await server.open(uri('a.sh'), `#!/bin/bash\n${(clone + '\n').repeat(3000)}`);
  const source = new CancellationTokenSource();
  const asked = server.connection.sendRequest('textDocument/diagnostic', {textDocument: {uri: uri('a.sh')}}, source.token);
  source.cancel();
  // It may have been answered just before.
  const outcome = await asked.then(() => 'answered', fault => fault.code);
  assert.ok(outcome === 'answered' || outcome === -32800 || outcome === -32802, String(outcome));
  await server.change(uri('a.sh'), 2, [{text: `#!/bin/bash\n${clone}\n`}]);
  assert.deepEqual(codes(await server.pull(uri('a.sh'))), ['NET001']);
  await server.leave();
});

test('a fix is the edit that the command line would make, and a suppression hides the finding', async () => {
  const {root, uri} = project({});
  const server = await Server.start(root, {...pulls, general: {positionEncodings: ['utf-16']},
                                           workspace: {workspaceEdit: {documentChanges: true}}});
  const text = `#!/bin/bash\necho "🚀"; ${clone}\n`;
  const document = TextDocument.create(uri('a.sh'), 'shellscript', 1, text);
  await server.open(document.uri, text);
  const [found] = await server.pull(document.uri);
  const actions = await server.connection.sendRequest('textDocument/codeAction', {
    textDocument: {uri: document.uri}, range: found.range, context: {diagnostics: [found]},
  });
  const fix = actions.find(action => action.kind === 'quickfix' && action.isPreferred) ?? actions[0];
  const edits = fix.edit.documentChanges[0].edits;
  const fixed = TextDocument.applyEdits(document, edits);
  assert.match(fixed, /^#!\/bin\/bash\nsource \/etc\/network_turbo .*\necho "🚀"; git clone/);
  await server.change(document.uri, 2, [{text: fixed}]);
  assert.deepEqual(await server.pull(document.uri), []);
  await server.leave();
});

test('after ten thousand random edits the server is where a fresh one would be', {timeout: 900_000}, async () => {
  const {root, uri} = project({'env.sh': '. /etc/network_turbo || true\n'});
  const capabilities = {...pulls, general: {positionEncodings: ['utf-16']}};
  const server = await Server.start(root, capabilities), fresh = await Server.start(root, capabilities);
  let seed = 20261126;
  const random = below => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor(seed / 4294967296 * below);
  };
  const pieces = [
    '\n', '\n', ' ', '"', "'", '$(', ')', '{', '}', 'if true; then\n', 'fi\n', 'f() {\n', '}\n', '# 注释 🚀\n', '. ./env.sh\n',
    'set -euo pipefail\n', 'python3 train.py | tee log && echo done\n', clone + '\n', 'cat <<EOF\n', 'EOF\n', '|', '&&', '\\\n',
    'conda create -n x --clone base\n', 'cp a /root/autodl-fs/\n', 'echo synced\n', '🚀', '中', '\r\n', '\t', 'ssh box \'python3 a.py\'\n',
  ];
  const name = uri('edited.sh');
  let findings = 0;
  let document = TextDocument.create(name, 'shellscript', 1, '#!/bin/bash\n' + clone + '\n');
  await server.open(name, document.getText());
  for (let edit = 1; edit <= 10_000; ++edit) {
    const length = document.getText().length;
    let begin = random(length + 1), end = Math.min(length, begin + (random(3) === 0 ? random(length > 3000 ? 400 : 30) : 0));
    const text = random(4) === 0 ? '' : pieces[random(pieces.length)];
    // Positions of the protocol never lie inside a pair of surrogates or between CR and LF.
    const inside = at => /[\udc00-\udfff]/.test(document.getText()[at] ?? '') || document.getText().slice(at - 1, at + 1) === '\r\n';
    while (inside(begin)) --begin;
    while (inside(end)) ++end;
    const range = {start: document.positionAt(begin), end: document.positionAt(end)};
    document = TextDocument.update(document, [{range, text}], edit + 1);
    await server.change(name, edit + 1, [{range, text}]);
    if (edit % 100 !== 0) continue;
    const there = await server.connection.sendRequest('preflint/text', {textDocument: {uri: name}});
    assert.equal(there.text, document.getText(), `edit ${edit}`);
    await fresh.open(name, document.getText());
    const now = await server.pull(name);
    findings += now.length;
    assert.deepEqual(plain(now), plain(await fresh.pull(name)), `edit ${edit}`);
    await fresh.connection.sendNotification('textDocument/didClose', {textDocument: {uri: name}});
  }
  assert.ok(findings > 100, `${findings} findings are too few to say anything`);
  await server.leave();
  await fresh.leave();
});

/** A server that is spoken to in bytes. */
function raw() {
  const child = spawn(binary, ['lsp'], {stdio: ['pipe', 'pipe', 'ignore']});
  const ended = new Promise(resolve => child.on('exit', (code, signal) => resolve(signal ?? code)));
  const messages = [], waiting = [];
  let buffer = Buffer.alloc(0);
  child.stdout.on('data', data => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      const head = buffer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, head).toString())[1]);
      if (buffer.length < head + 4 + length) return;
      const message = JSON.parse(buffer.subarray(head + 4, head + 4 + length).toString());
      buffer = buffer.subarray(head + 4 + length);
      const next = waiting.shift();
      if (next) next(message);
      else messages.push(message);
    }
  });
  child.stdin.on('error', () => undefined);
  return {
    ended,
    write: bytes => child.stdin.write(bytes),
    send: body => child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`),
    next: () => messages.length ? Promise.resolve(messages.shift()) : new Promise(resolve => waiting.push(resolve)),
    close: () => child.stdin.end(),
  };
}

test('malformed and oversized messages are answered, and the next good one is served', async () => {
  const server = raw();
  const initialize = JSON.stringify({jsonrpc: '2.0', id: 1, method: 'initialize', params: {processId: null, rootUri: null, capabilities: {}}});
  server.send(initialize);
  assert.equal((await server.next()).id, 1);
  server.send('{"jsonrpc": "2.0", "id": 2, "method": ');
  assert.equal((await server.next()).error.code, -32700);
  server.send('[1, 2');
  assert.equal((await server.next()).error.code, -32700);
  server.send('{"id": 3}');
  assert.equal((await server.next()).error.code, -32600);
  server.send(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('latin1'));
  assert.equal((await server.next()).error.code, -32700);
  server.send('['.repeat(1_000_000));
  assert.equal((await server.next()).error.code, -32700);
  server.send(JSON.stringify({jsonrpc: '2.0', id: 4, method: 'no/such', params: null}));
  assert.equal((await server.next()).error.code, -32601);
  server.send(JSON.stringify({jsonrpc: '2.0', id: 5, method: 'textDocument/hover', params: [[[]]]}));
  assert.equal((await server.next()).id, 5);
  server.write('Content-Length: zero\r\n\r\n');
  assert.ok((await server.next()).error);
  // A message of half a gigabyte is skipped, not kept.
  const size = 512 * 1024 * 1024, chunk = Buffer.alloc(1 << 20, 'x');
  server.write(`Content-Length: ${size}\r\n\r\n`);
  for (let sent = 0; sent < size; sent += chunk.length) {
    if (!server.write(chunk)) await new Promise(resolve => setTimeout(resolve, 1));
  }
  assert.equal((await server.next()).error.code, -32600);
  server.send(JSON.stringify({jsonrpc: '2.0', id: 6, method: 'shutdown'}));
  assert.equal((await server.next()).id, 6);
  server.send(JSON.stringify({jsonrpc: '2.0', method: 'exit'}));
  assert.equal(await server.ended, 0);
});

test('a client that goes away ends the server', async () => {
  const server = raw();
  server.send(JSON.stringify({jsonrpc: '2.0', id: 1, method: 'initialize', params: {capabilities: {}}}));
  await server.next();
  server.close();
  assert.equal(await server.ended, 1);
});
