// culprit in VS Code: a thin client of `culprit lsp`. Diagnostics, lenses, hovers and hints are the
// language client's; here are the colours, the ranking, the status bar, and texts to read.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { LanguageClient, State } from 'vscode-languageclient/node';

import { Heat, HeatPainter } from './heat';
import { RankingTree, Row } from './ranking';

interface Status {
  loading: boolean;
  shown: boolean;
  suspicious: number;
  failed: number;
  projects: number;
}

interface FailingRun {
  run: string;
  reason: string;
  cluster: string;
  endpoint: string;
  kind: string;
}

const kLanguages = ['c', 'cpp', 'java', 'kotlin'];

let client: LanguageClient | undefined;

function options() {
  const settings = vscode.workspace.getConfiguration('culprit');
  const given = (name: string) => settings.get<string>(name) || undefined;
  return {
    path: settings.get<string>('path') || 'culprit',
    initialization: {
      runs: given('runs'),
      source: given('source'),
      verdict: given('verdict'),
      settings: settings.get<object>('settings') ?? {},
      inlayHints: settings.get<boolean>('inlayHints') ?? false,
      status: true,
    },
  };
}

function execute<Result>(command: string, argument?: object): Promise<Result> {
  if (client?.state !== State.Running) return Promise.reject(new Error('culprit is not running'));
  return client.sendRequest('workspace/executeCommand', {
    command,
    arguments: argument ? [argument] : [],
  });
}

function cursor(): { uri: string; line: number } | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor && { uri: editor.document.uri.toString(), line: editor.selection.active.line };
}

async function showText(text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ content: text, language: 'plaintext' });
  // Beside the code, and from there in the same place: not a column more with each text.
  const fromText = vscode.window.activeTextEditor?.document.isUntitled ?? false;
  const viewColumn = fromText ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
  await vscode.window.showTextDocument(document, { viewColumn, preview: true });
}

async function chooseRun(): Promise<void> {
  const here = cursor();
  const runs = await execute<FailingRun[]>('culprit.showRun', here && { uri: here.uri });
  const clusters = new Map<string, FailingRun[]>();
  for (const run of runs) clusters.set(run.cluster, [...(clusters.get(run.cluster) ?? []), run]);
  type Item = vscode.QuickPickItem & { run?: string };
  const items: Item[] = [];
  for (const [cluster, members] of clusters) {
    const { endpoint, kind } = members[0];
    items.push({ label: endpoint || 'failing runs', kind: vscode.QuickPickItemKind.Separator });
    items.push({ label: `all of ${[endpoint, kind].filter((part) => part).join(': ')}`,
                 description: `${members.length} runs`, run: cluster });
    for (const { run, reason } of members) items.push({ label: run, description: reason, run });
  }
  const choice = await vscode.window.showQuickPick(items, {
    placeHolder: 'A cluster of failing runs, or one of them',
    matchOnDescription: true,
  });
  if (choice?.run) await showText(await execute('culprit.showRun', { ...here, run: choice.run }));
}

// The report as a page, which `culprit rank` writes and which needs nothing from outside itself.
async function openReport(): Promise<void> {
  const { path, initialization } = options();
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const runs = initialization.runs ?? (folder && join(folder, '.culprit'));
  if (!runs) throw new Error('there are no runs: set culprit.runs');
  const scratch = await mkdtemp(join(tmpdir(), 'culprit-'));
  const page = join(scratch, 'report.html');
  const source = initialization.source ?? folder;
  const parameters = ['rank', runs, '--out', `html=${page}`, ...(source ? ['--source', source] : [])];
  for (const [name, value] of Object.entries(initialization.settings)) {
    for (const each of Array.isArray(value) ? value : [value]) parameters.push(`--${name}=${each}`);
  }
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'culprit: writing the report' },
      () =>
        new Promise<void>((done, failed) => {
          execFile(path, parameters, { cwd: folder }, (error, _, stderr) =>
            error ? failed(new Error(stderr.trim() || error.message)) : done(),
          );
        }),
    );
    const panel = vscode.window.createWebviewPanel('culprit.report', 'culprit', vscode.ViewColumn.Active, {
      enableScripts: true,
      enableFindWidget: true,
      localResourceRoots: [],
      retainContextWhenHidden: true,
    });
    panel.webview.html = await readFile(page, 'utf8');
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

// Commands tell their failures in one place.
function register(context: vscode.ExtensionContext, name: string, run: (argument?: object) => Promise<unknown>): void {
  context.subscriptions.push(
    vscode.commands.registerCommand(name, async (argument?: object) => {
      try {
        await run(argument);
      } catch (error) {
        void vscode.window.showWarningMessage(`culprit: ${error instanceof Error ? error.message : error}`);
      }
    }),
  );
}

function show(bar: vscode.StatusBarItem, status: Status): void {
  const count = status.suspicious === 1 ? '1 suspicious' : `${status.suspicious} suspicious`;
  bar.text = status.loading ? '$(sync~spin) culprit' : `$(${status.shown ? 'eye' : 'eye-closed'}) culprit: ${count}`;
  bar.tooltip = `${status.failed} failing runs. Click to ${status.shown ? 'take the marks away' : 'bring the marks back'}.`;
  if (status.projects > 0) bar.show();
  else bar.hide();
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const painter = new HeatPainter();
  const tree = new RankingTree(() => execute<Row[]>('culprit.ranking').catch(() => []));
  const bar = vscode.window.createStatusBarItem('culprit.status', vscode.StatusBarAlignment.Left);
  bar.name = 'culprit';
  bar.command = 'culprit.toggleMarks';
  context.subscriptions.push(
    painter,
    bar,
    vscode.window.registerTreeDataProvider('culprit.ranking', tree),
    vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach((editor) => painter.paint(editor))),
    vscode.workspace.onDidCloseTextDocument((document) => painter.forget(document)),
  );

  const start = async () => {
    const { path, initialization } = options();
    client = new LanguageClient('culprit', 'culprit', { command: path, args: ['lsp'] }, {
      documentSelector: kLanguages.map((language) => ({ scheme: 'file', language })),
      initializationOptions: initialization,
      synchronize: { configurationSection: 'culprit' },
      middleware: {
        // Lenses and the palette run this one here, where there is a place to show the text.
        executeCommand: async (command, parameters, next) => {
          const result = await next(command, parameters);
          if (command === 'culprit.explain' && typeof result === 'string') await showText(result);
          return result;
        },
      },
    });
    client.onNotification('culprit/heat', (heat: Heat) => painter.arrived(heat));
    client.onNotification('culprit/status', (status: Status) => {
      show(bar, status);
      tree.refresh();
    });
    await client.start();
  };
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      const restart = ['path', 'runs', 'source', 'verdict', 'settings'].some((name) => change.affectsConfiguration(`culprit.${name}`));
      if (!restart) return;
      await client?.stop().catch(() => undefined);
      painter.clear();
      await start().catch((error) => vscode.window.showErrorMessage(`culprit: ${error.message}`));
    }),
  );

  register(context, 'culprit.next', () => execute('culprit.nextSuspicious', cursor()));
  register(context, 'culprit.previous', () => execute('culprit.previousSuspicious', cursor()));
  register(context, 'culprit.explainHere', async () => showText(await execute('culprit.explain', cursor())));
  register(context, 'culprit.chooseRun', chooseRun);
  register(context, 'culprit.toggleMarks', () => execute('culprit.toggle'));
  register(context, 'culprit.readAgain', () => execute('culprit.reload'));
  register(context, 'culprit.openReport', openReport);
  await start().catch((error) =>
    vscode.window.showErrorMessage(`culprit: ${error.message} (culprit.path names the program)`),
  );
}

export function deactivate(): Promise<void> | undefined {
  return client?.stop();
}
