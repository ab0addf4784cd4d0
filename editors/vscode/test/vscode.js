// As much of the `vscode` module as the language client and our extension use, without an editor. What is
// shown to the user is kept in `seen`; documents are opened and edited by `host`.
const {EventEmitter} = require('node:events');
const {pathToFileURL} = require('node:url');

class Disposable {
  constructor(call = () => undefined) { this.dispose = call; }
  static from(...all) { return new Disposable(() => all.forEach(one => one.dispose())); }
}

class Emitter {
  constructor() {
    this.events = new EventEmitter();
    this.event = (listener, self, disposables) => {
      const call = self ? listener.bind(self) : listener;
      this.events.on('fire', call);
      const out = new Disposable(() => this.events.off('fire', call));
      disposables?.push(out);
      return out;
    };
  }
  fire(what) { this.events.emit('fire', what); }
  dispose() { this.events.removeAllListeners(); }
}

class Uri {
  constructor(scheme, authority, path, query = '', fragment = '') {
    Object.assign(this, {scheme, authority, path, query, fragment});
  }
  static parse(text) {
    const [, scheme, , authority, rest, , query, , fragment] =
        /^([^:]+):(\/\/([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?$/.exec(text);
    return new Uri(scheme, authority ?? '', decodeURIComponent(rest), query ?? '', fragment ?? '');
  }
  static file(name) { return Uri.parse(pathToFileURL(name).href); }
  get fsPath() { return this.path; }
  with(change) { return Object.assign(new Uri(this.scheme, this.authority, this.path, this.query, this.fragment), change); }
  toString() {
    const encoded = this.path.split('/').map(encodeURIComponent).join('/');
    return `${this.scheme}:${this.scheme === 'file' || this.authority ? `//${this.authority}` : ''}${encoded}${this.fragment ? `#${this.fragment}` : ''}`;
  }
}

class Position {
  constructor(line, character) { Object.assign(this, {line, character}); }
}
class Range {
  constructor(a, b, c, d) {
    this.start = typeof a === 'number' ? new Position(a, b) : a;
    this.end = typeof a === 'number' ? new Position(c, d) : b;
  }
}
class Kind {
  constructor(value) { this.value = value; }
  append(more) { return new Kind(this.value === '' ? more : `${this.value}.${more}`); }
  contains(other) { return other.value === this.value || other.value.startsWith(`${this.value}.`); }
}
for (const [name, value] of Object.entries({
  Empty: '', QuickFix: 'quickfix', Refactor: 'refactor', RefactorExtract: 'refactor.extract', RefactorInline: 'refactor.inline',
  RefactorRewrite: 'refactor.rewrite', Source: 'source', SourceOrganizeImports: 'source.organizeImports', SourceFixAll: 'source.fixAll'})) {
  Kind[name] = new Kind(value);
}
class Diagnostic {
  constructor(range, message, severity) { Object.assign(this, {range, message, severity}); }
}
class CodeAction {
  constructor(title, kind) { Object.assign(this, {title, kind}); }
}
class WorkspaceEdit {
  constructor() { this.all = new Map(); }
  replace(uri, range, newText) {
    const key = uri.toString();
    this.all.set(key, [...(this.all.get(key) ?? []), new TextEdit(range, newText)]);
  }
  set(uri, edits) { this.all.set(uri.toString(), edits.map(edit => Array.isArray(edit) ? edit[0] : edit)); }
  entries() { return [...this.all]; }
}
class TextEdit {
  constructor(range, newText) { Object.assign(this, {range, newText}); }
}
class TabInputText {
  constructor(uri) { this.uri = uri; }
}
class TabInputNotebook {
  constructor(uri) { this.uri = uri; }
}
class ThemeColor {
  constructor(id) { this.id = id; }
}
class CancellationTokenSource {
  constructor() {
    this.cancelled = new Emitter();
    this.token = {isCancellationRequested: false, onCancellationRequested: this.cancelled.event};
  }
  cancel() { this.token.isCancellationRequested = true; this.cancelled.fire(); }
  dispose() {}
}

const seen = {errors: [], log: [], diagnostics: new Map(), commands: new Map(), codeActions: [], status: undefined, settings: {}, panels: []};
const events = {};
const event = name => (events[name] ??= new Emitter()).event;

class TextDocument {
  constructor(uri, languageId, text) { Object.assign(this, {uri, languageId, text, version: 1, isClosed: false, isDirty: false}); }
  get fileName() { return this.uri.fsPath; }
  get lineCount() { return this.text.split('\n').length; }
  getText() { return this.text; }
}

const host = {
  seen,
  /** Opens a document in a tab, as a user would. */
  open(name, languageId, text) {
    const document = new TextDocument(Uri.file(name), languageId, text);
    workspace.textDocuments.push(document);
    window.activeTextEditor = {document};
    window.tabGroups.all[0].tabs.push({input: new TabInputText(document.uri)});
    events.onDidOpenTextDocument?.fire(document);
    events.onDidChangeTabs?.fire({opened: [], closed: [], changed: []});
    events.onDidChangeActiveTextEditor?.fire(window.activeTextEditor);
    return document;
  },
  edit(document, text) {
    const end = document.text.split('\n');
    const range = new Range(0, 0, end.length - 1, end[end.length - 1].length);
    const change = {range, rangeOffset: 0, rangeLength: document.text.length, text};
    document.text = text;
    document.version += 1;
    events.onDidChangeTextDocument?.fire({document, contentChanges: [change], reason: undefined});
  },
  openNotebook(name, cells) {
    const uri = Uri.file(name);
    const notebook = {uri, notebookType: 'jupyter-notebook', version: 1, isDirty: false, metadata: {}, isClosed: false, isUntitled: false};
    notebook.cells = cells.map((text, index) => {
      const document = new TextDocument(new Uri('vscode-notebook-cell', '', uri.path, '', `c${index}`), 'python', text);
      document.notebook = notebook;
      workspace.textDocuments.push(document);
      return {index, kind: 2, document, notebook, metadata: {}, outputs: [], executionSummary: undefined};
    });
    notebook.getCells = () => notebook.cells;
    workspace.notebookDocuments.push(notebook);
    window.visibleNotebookEditors.push({notebook});
    window.tabGroups.all[0].tabs.push({input: new TabInputNotebook(uri)});
    events.onDidOpenNotebookDocument?.fire(notebook);
    for (const cell of notebook.cells) events.onDidOpenTextDocument?.fire(cell.document);
    events.onDidChangeTabs?.fire({opened: [], closed: [], changed: []});
    return notebook;
  },
  set(key, value) {
    seen.settings[key] = value;
    events.onDidChangeConfiguration?.fire({affectsConfiguration: section => key.startsWith(section) || section.startsWith(key)});
  },
};

const matches = (filter, document) => {
  if (typeof filter === 'string') return filter === document.languageId || filter === '*';
  if (filter.notebookType !== undefined && !document.notebook) return false;
  if (filter.scheme && filter.scheme !== document.uri.scheme) return false;
  if (filter.language && filter.language !== '*' && filter.language !== document.languageId) return false;
  if (filter.pattern) {
    const glob = typeof filter.pattern === 'string' ? filter.pattern : filter.pattern.pattern;
    const expression = glob.replace(/[.+^$()|[\]\\]/g, '\\$&').replace(/\{/g, '(').replace(/\}/g, ')').replace(/,/g, '|')
        .replace(/\*\*\//g, '\u0001').replace(/\*/g, '[^/]*').replace(/\u0001/g, '(.*/)?');
    if (!new RegExp(`^${expression}$`).test(document.uri.path) && !new RegExp(`(^|/)${expression}$`).test(document.uri.path)) return false;
  }
  return true;
};

const configuration = section => {
  const value = key => {
    const full = section ? `${section}.${key}` : key;
    if (full in seen.settings) return seen.settings[full];
    const found = Object.entries(seen.settings).filter(([name]) => name.startsWith(`${full}.`));
    return found.length ? Object.fromEntries(found.map(([name, one]) => [name.slice(full.length + 1), one])) : undefined;
  };
  return {get: (key, otherwise) => value(key) ?? otherwise, has: key => value(key) !== undefined, inspect: () => undefined, update: async () => undefined};
};

const workspace = {
  textDocuments: [], notebookDocuments: [], workspaceFolders: [],
  getConfiguration: configuration,
  getWorkspaceFolder: uri => workspace.workspaceFolders.find(folder => uri.path.startsWith(folder.uri.path)),
  createFileSystemWatcher: () => ({onDidCreate: event('watchCreate'), onDidChange: event('watchChange'), onDidDelete: event('watchDelete'), dispose() {}}),
  applyEdit: async () => true,
  fs: {},
};
const output = () => ({
  name: 'preflint', logLevel: 3, onDidChangeLogLevel: event('onDidChangeLogLevel'), append: text => seen.log.push(text),
  appendLine: text => seen.log.push(text), info: text => seen.log.push(text), warn: text => seen.log.push(text),
  error: text => seen.log.push(text), debug() {}, trace() {}, replace() {}, clear() {}, show() {}, hide() {}, dispose() {},
});
const window = {
  activeTextEditor: undefined, visibleTextEditors: [], visibleNotebookEditors: [],
  tabGroups: {all: [{tabs: [], isActive: true}], get activeTabGroup() { return this.all[0]; }, onDidChangeTabs: event('onDidChangeTabs'), onDidChangeTabGroups: event('onDidChangeTabGroups'), close() {}},
  createOutputChannel: output,
  createStatusBarItem: () => (seen.status = {text: '', shown: false, show() { this.shown = true; }, hide() { this.shown = false; }, dispose() {}}),
  createWebviewPanel: (_type, title) => {
    const panel = {title, webview: {html: ''}};
    seen.panels.push(panel);
    return panel;
  },
  showErrorMessage: async text => { seen.errors.push(text); },
  showWarningMessage: async text => { seen.errors.push(text); },
  showInformationMessage: async () => undefined,
  withProgress: async (_, task) => task({report() {}}, new CancellationTokenSource().token),
};
const languages = {
  match: (selector, document) => [selector].flat().some(filter => matches(filter, document)) ? 10 : 0,
  createDiagnosticCollection: name => ({
    name,
    set: (uri, list) => seen.diagnostics.set(uri.toString(), list ?? []),
    delete: uri => seen.diagnostics.delete(uri.toString()),
    clear: () => seen.diagnostics.clear(),
    has: uri => seen.diagnostics.has(uri.toString()),
    get: uri => seen.diagnostics.get(uri.toString()),
    forEach: call => seen.diagnostics.forEach((list, uri) => call(Uri.parse(uri), list)),
    dispose() {},
  }),
  registerCodeActionsProvider: (_selector, provider) => {
    seen.codeActions.push(provider);
    return new Disposable(() => seen.codeActions.splice(seen.codeActions.indexOf(provider), 1));
  },
};
const commands = {
  registerCommand: (name, call) => {
    if (seen.commands.has(name)) throw new Error(`the command ${name} exists`);
    seen.commands.set(name, call);
    return new Disposable(() => seen.commands.delete(name));
  },
  executeCommand: async (name, ...more) => seen.commands.get(name)?.(...more),
};

/** What is not written out: events are events, everything that registers returns something to dispose of. */
const lenient = target => new Proxy(target, {
  get(object, name) {
    if (name in object || typeof name !== 'string') return object[name];
    if (/^on(Did|Will)/.test(name)) return event(name);
    if (/^(register|set|create)/.test(name)) return () => new Disposable();
    return undefined;
  },
});

const api = {
  version: '1.82.0',
  Disposable, EventEmitter: Emitter, Uri, Position, Range, Diagnostic, CodeAction, CodeActionKind: Kind, WorkspaceEdit, TextEdit, TabInputText, TabInputNotebook,
  ThemeColor, CancellationTokenSource,
  workspace: lenient(workspace), window: lenient(window), languages: lenient(languages), commands: lenient(commands),
  env: lenient({language: 'zh-cn', appName: 'test', uriScheme: 'vscode', openExternal: async () => true}),
  extensions: lenient({getExtension: () => undefined, all: []}),
  l10n: {t: (text, ...values) => text.replace(/\{(\d+)\}/g, (_, index) => values[index])},
  CancellationError: class extends Error {},
  DiagnosticSeverity: {Error: 0, Warning: 1, Information: 2, Hint: 3},
  DiagnosticTag: {Unnecessary: 1, Deprecated: 2},
  StatusBarAlignment: {Left: 1, Right: 2},
  ViewColumn: {Active: -1, Beside: -2, One: 1},
  NotebookCellKind: {Markup: 1, Code: 2},
  CodeActionTriggerKind: {Invoke: 1, Automatic: 2},
  LogLevel: {Off: 0, Trace: 1, Debug: 2, Info: 3, Warning: 4, Error: 5},
  ExtensionMode: {Production: 1, Development: 2, Test: 3},
  UIKind: {Desktop: 1, Web: 2},
  ProgressLocation: {SourceControl: 1, Window: 10, Notification: 15},
  TextDocumentChangeReason: {Undo: 1, Redo: 2},
  TextDocumentSaveReason: {Manual: 1, AfterDelay: 2, FocusOut: 3},
};

/** Classes and enumerations that are only extended or looked into. */
module.exports = {
  host,
  vscode: new Proxy(api, {
    get(object, name) {
      if (name in object || typeof name !== 'string') return object[name];
      if (/^[A-Z]/.test(name)) return (object[name] = class { constructor(...values) { Object.assign(this, values); this.uri = values[0]; } });
      return undefined;
    },
  }),
};
