// Starts `preflint lsp` and shows how it is. Everything else is the server's.
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  type DocumentSelector,
  type LanguageClientOptions,
} from 'vscode-languageclient/node';
import {findServer} from './server';

/** What preflint reads, by language or by name; what it does not know it leaves alone. */
const documents: DocumentSelector = [
  {scheme: 'file', language: 'shellscript'},
  {scheme: 'file', language: 'python'},
  {scheme: 'file', language: 'pip-requirements'},
  {scheme: 'file', language: 'ssh_config'},
  {scheme: 'file', pattern: '**/*.{sh,bash,zsh,ksh,sh.template,slurm,sbatch}'},
  {scheme: 'file', pattern: '**/{*requirements*,constraints*}.{txt,in}'},
  {scheme: 'file', pattern: '**/requirements/*.{txt,in}'},
  {scheme: 'file', pattern: '**/{pyproject.toml,setup.cfg,environment*.yml,environment*.yaml}'},
  {scheme: 'file', pattern: '**/{preflint.yaml,preflint.yml}'},
  {notebook: 'jupyter-notebook', language: 'python'},
  {notebook: 'jupyter-notebook', language: 'shellscript'},
];

let client: LanguageClient | undefined;
let status: vscode.StatusBarItem;
let log: vscode.LogOutputChannel;

function show(icon: string, tooltip: string, bad = false): void {
  status.text = `$(${icon}) preflint`;
  status.tooltip = tooltip;
  status.backgroundColor = bad ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  status.show();
}

function settings(): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration('preflint');
  const names = ['enable', 'profile', 'config', 'select', 'extendSelect', 'ignore', 'severity', 'language', 'workspace'];
  return Object.fromEntries(names.map(name => [name, configuration.get(name)]));
}

async function start(context: vscode.ExtensionContext): Promise<void> {
  const configured = vscode.workspace.getConfiguration('preflint').get<string>('path', '');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const server = findServer(configured, context.extensionPath, folder);
  if (server === undefined) {
    const where = configured === '' ? vscode.l10n.t('on PATH') : configured;
    const sentence = vscode.l10n.t('There is no preflint {0}.', where);
    show('error', sentence, true);
    const open = vscode.l10n.t('Open Settings');
    void vscode.window.showErrorMessage(sentence, open).then(choice => {
      if (choice === open) void vscode.commands.executeCommand('workbench.action.openSettings', 'preflint.path');
    });
    return;
  }
  log.info(`starting ${server}`);
  const options: LanguageClientOptions = {
    documentSelector: documents,
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: {settings: settings()},
    synchronize: {configurationSection: 'preflint'},
    errorHandler: new Patience(),
  };
  const starting = new LanguageClient('preflint', 'preflint', {command: server, args: ['lsp']}, options);
  client = starting;
  starting.onDidChangeState(({newState}) => {
    if (newState === State.Running) show('check', `${server} ${starting.initializeResult?.serverInfo?.version ?? ''}`);
    if (newState === State.Starting) show('sync~spin', server);
    if (newState === State.Stopped) show('error', vscode.l10n.t('preflint has stopped; click to restart it.'), true);
  });
  try {
    await starting.start();
  } catch (fault) {
    log.error(String(fault));
    show('error', String(fault), true);
  }
}

/** The job map of the active file's folder, or of all folders, as a page beside the editor. */
async function showMap(): Promise<void> {
  const uri = vscode.window.activeTextEditor?.document.uri;
  const folder = uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri)?.uri ?? uri;
  const asked = folder?.scheme === 'file' ? {uri: folder.toString()} : {};
  try {
    const map = await client?.sendRequest<{content: string}>('workspace/executeCommand', {
      command: 'preflint.map', arguments: [asked],
    });
    if (map === undefined) return;
    const panel = vscode.window.createWebviewPanel('preflint.map', vscode.l10n.t('Job map'), vscode.ViewColumn.Beside);
    panel.webview.html = map.content;
  } catch (fault) {
    void vscode.window.showErrorMessage(String(fault));
  }
}

async function stop(): Promise<void> {
  const stopping = client;
  client = undefined;
  // One that has crashed cannot be stopped, and need not be.
  await stopping?.stop().catch(() => undefined);
  await stopping?.dispose().catch(() => undefined);
}

/** A server that ends is started again, but not one that ends again and again. */
class Patience {
  private ends: number[] = [];
  error() {
    return {action: ErrorAction.Continue};
  }
  closed() {
    const now = Date.now();
    this.ends = [...this.ends.filter(end => now - end < 60_000), now];
    return this.ends.length > 3 ? {action: CloseAction.DoNotRestart} : {action: CloseAction.Restart};
  }
}

export async function activate(context: vscode.ExtensionContext): Promise<{client: () => LanguageClient | undefined}> {
  log = vscode.window.createOutputChannel('preflint', {log: true});
  status = vscode.window.createStatusBarItem('preflint.status', vscode.StatusBarAlignment.Right, 10);
  status.name = 'preflint';
  status.command = 'preflint.restart';
  const restart = async () => {
    await stop();
    await start(context);
  };
  context.subscriptions.push(
    log,
    status,
    vscode.commands.registerCommand('preflint.restart', restart),
    vscode.commands.registerCommand('preflint.showLog', () => log.show()),
    vscode.commands.registerCommand('preflint.showMap', showMap),
    vscode.commands.registerCommand('preflint.fixAll', () =>
      vscode.commands.executeCommand('editor.action.codeAction', {
        kind: 'source.fixAll.preflint', apply: 'first', preferred: false,
      })),
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('preflint.path')) void restart();
    }),
  );
  await start(context);
  return {client: () => client};
}

export async function deactivate(): Promise<void> {
  await stop();
}
