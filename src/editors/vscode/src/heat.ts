// Lines coloured by their heat: background and overview ruler. No gutter icons, which would be in the
// way of breakpoints.
import * as vscode from 'vscode';

export interface Heat {
  uri: string;
  version: number;
  lines: [line: number, heat: number][];
}

const kLevels = 5;

export class HeatPainter implements vscode.Disposable {
  private readonly decorations: vscode.TextEditorDecorationType[] = [];
  private readonly heat = new Map<string, Heat>();

  constructor() {
    for (let level = 1; level <= kLevels; ++level) {
      const color = new vscode.ThemeColor(`culprit.heat${level}`);
      this.decorations.push(
        vscode.window.createTextEditorDecorationType({
          isWholeLine: true,
          backgroundColor: color,
          overviewRulerColor: color,
          // The right one has the diagnostics of the same lines, which would cover it.
          overviewRulerLane: vscode.OverviewRulerLane.Center,
          rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
        }),
      );
    }
  }

  arrived(heat: Heat): void {
    const uri = vscode.Uri.parse(heat.uri).toString();
    this.heat.set(uri, heat);
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() === uri) this.paint(editor);
    }
  }

  paint(editor: vscode.TextEditor): void {
    const heat = this.heat.get(editor.document.uri.toString());
    const ranges: vscode.Range[][] = this.decorations.map(() => []);
    for (const [line, value] of heat?.lines ?? []) {
      if (line >= editor.document.lineCount) continue;
      const level = Math.min(kLevels, Math.max(1, Math.ceil(value * kLevels)));
      ranges[level - 1].push(editor.document.lineAt(line).range);
    }
    this.decorations.forEach((decoration, i) => editor.setDecorations(decoration, ranges[i]));
  }

  forget(document: vscode.TextDocument): void {
    this.heat.delete(document.uri.toString());
  }

  clear(): void {
    this.heat.clear();
    vscode.window.visibleTextEditors.forEach((editor) => this.paint(editor));
  }

  dispose(): void {
    this.decorations.forEach((decoration) => decoration.dispose());
  }
}
