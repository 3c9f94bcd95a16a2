// The ranking as a tree: a function an entry, which leads to its most suspicious line.
import * as vscode from 'vscode';

export interface Row {
  rank: string;
  score: string;
  name: string;
  service: string;
  element: string;
  evidence: string;
  signature: string | null;
  confirmed: boolean;
  location: { uri: string; range: { start: { line: number; character: number } } } | null;
}

export class RankingTree implements vscode.TreeDataProvider<Row> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly rows: () => Promise<Row[]>) {}

  refresh(): void {
    this.changed.fire();
  }

  getChildren(parent?: Row): Promise<Row[]> {
    return parent ? Promise.resolve([]) : this.rows();
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const item = new vscode.TreeItem(`${row.score} ${row.name}`);
    item.description = row.service;
    const confirmed = row.confirmed ? ', confirmed by the gate' : '';
    item.tooltip = `${row.rank}. ${row.signature ?? row.name}\n${row.score}; ${row.evidence}${confirmed}`;
    item.accessibilityInformation = { label: `rank ${row.rank}, ${row.score}: ${row.name}${confirmed}` };
    if (row.confirmed) item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
    if (row.location) {
      const { uri, range } = row.location;
      const at = new vscode.Position(range.start.line, range.start.character);
      item.command = {
        command: 'vscode.open',
        title: 'Open',
        arguments: [vscode.Uri.parse(uri), { selection: new vscode.Range(at, at) }],
      };
    }
    return item;
  }
}
