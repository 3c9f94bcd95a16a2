// Drives VS Code (code-server) in headless Chromium on a recording of the shop, with the extension.
// usage: prove.mjs URL FOLDER SCREENSHOT VERDICT
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { chromium } = createRequire(process.cwd() + '/')('playwright-core');
const [url, folder, screenshot, verdict] = process.argv.slice(2);
const kWaitMs = 120_000;

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });

async function command(name) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget .quick-input-box input').waitFor();
  await page.keyboard.type(name);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
}

async function until(what, holds) {
  const end = Date.now() + kWaitMs;
  for (;;) {
    if (await holds()) return console.log(`so: ${what}`);
    if (Date.now() > end) throw new Error(`not so: ${what}`);
    await page.waitForTimeout(200);
  }
}

const shown = (selector) => page.locator(selector).count();
const activeTab = () => page.locator('.tab.active .label-name').first().textContent();
const cursor = () => page.locator('#status\\.editor\\.selection').textContent();

// Where the overview ruler has the hottest colour of the light theme, #FC6E3AB0 on white: in parts of its height.
const hottestInRuler = () => page.evaluate(() => {
  const found = [];
  for (const canvas of document.querySelectorAll('.editor-instance canvas.decorationsOverviewRuler')) {
    const { width, height } = canvas;
    if (width === 0 || height === 0) continue;
    const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
    for (let y = 0; y < height; ++y) for (let x = 0; x < width; ++x) {
      const [r, g, b, a] = pixels.slice(4 * (y * width + x), 4 * (y * width + x) + 4);
      if (a === 255 && Math.abs(r - 253) < 4 && Math.abs(g - 155) < 4 && Math.abs(b - 119) < 4) {
        found.push(y / height);
        break;
      }
    }
  }
  return found;
});

// The text of the line with this number, hints included, as it is on the screen.
const lineText = (number) => page.evaluate((wanted) => {
  const editor = document.querySelector('.editor-group-container.active .monaco-editor');
  const label = [...editor.querySelectorAll('.line-numbers')].find((each) => each.textContent === String(wanted));
  const top = label?.parentElement.style.top;
  const line = [...editor.querySelectorAll('.view-lines > .view-line')].find((each) => each.style.top === top);
  return line?.textContent.replaceAll('\u00a0', ' ') ?? '';
}, number);

// In the workspace: code-server does not notice that the user's settings change on disk.
function set(name, value) {
  mkdirSync(`${folder}/.vscode`, { recursive: true });
  writeFileSync(`${folder}/.vscode/settings.json`, JSON.stringify({ [name]: value }));
}

const picks = page.locator('.quick-input-list .monaco-list-row');
const beside = async () => ((await page.locator('.editor-group-container').nth(1).textContent()) ?? '').replaceAll('\u00a0', ' ');

try {
  await page.goto(`${url}/?folder=${folder}`, { timeout: kWaitMs });
  await page.locator('.monaco-workbench').waitFor({ timeout: kWaitMs });
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget .quick-input-box input').waitFor();
  await page.keyboard.type('Taxes.java');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Taxes.java' }).first().waitFor({ timeout: kWaitMs });
  await page.keyboard.press('Enter');

  await until('both suspicious lines are marked, for information', async () => (await shown('.squiggly-info')) >= 2);
  const lenses = page.locator('.codelens-decoration a');
  await until('lenses tell the scores', async () =>
    (await lenses.allTextContents()).includes('81.8% · #1 · 15/15 failing'));
  // The line's own background, under its text, is the hottest colour, and no other line's is.
  await until('the fault has the hottest background', async () => {
    const colours = await page.evaluate(() => {
      const lines = [...document.querySelectorAll('.view-overlays > div')];
      return lines.map((line) => ({
        top: line.offsetTop,
        colours: [...line.querySelectorAll('.cdr')].map((each) => getComputedStyle(each).backgroundColor)
          .filter((colour) => colour !== 'rgba(0, 0, 0, 0)'),
      })).filter((line) => line.colours.length > 0);
    });
    const hot = colours.filter(({ colours: [colour] }) => /^rgba\(252, 110, 58, /.test(colour));
    return hot.length === 1 && colours.length >= 2;
  });
  // The fault is line 26 of a file of some 40: its mark is at two thirds.
  await until('the overview ruler shows where the fault is', async () => {
    const places = await hottestInRuler();
    return places.length > 0 && places.every((place) => place > 0.1 && place < 0.9);
  });
  await until('hints are off', async () => !/failing/.test(await lineText(26)));
  set('culprit.inlayHints', true);
  await until('hints show the counts beside the suspicious lines', async () =>
    /failing 15\/15, passing 31\/385$/.test(await lineText(26)) && /failing 15\/15/.test(await lineText(11)));
  set('culprit.inlayHints', false);
  await until('hints are off again', async () => !/failing/.test(await lineText(26)));
  await until('the status bar counts', async () =>
    /culprit: 3 suspicious/.test(await page.locator('.statusbar').textContent()));

  await lenses.filter({ hasText: '81.8%' }).click();
  await until('a lens opens the evidence', async () =>
    /reducedRate/.test((await page.locator('.editor-group-container').nth(1).textContent()) ?? ''));
  await page.locator('.tab', { hasText: 'Taxes.java' }).click();
  await page.keyboard.press('Control+Home');

  await command('culprit: Next Suspicious Line');
  await until('a jump to the fault', async () => (await cursor()).startsWith('Ln 26,'));
  await command('culprit: Next Suspicious Line');
  await until('a jump to the second', async () => (await cursor()).startsWith('Ln 11,'));
  await command('culprit: Next Suspicious Line');
  await until('a jump to the third, in another file', async () =>
    (await activeTab()) === 'PriceBook.java' && (await cursor()).startsWith('Ln 35,'));
  await command('culprit: Previous Suspicious Line');
  await until('a jump back', async () => (await activeTab()) === 'Taxes.java');

  await page.locator('.activitybar a[aria-label="culprit"]').click();
  const rows = page.locator('.pane-body .monaco-list-row');
  await until('the ranking is a tree', async () => (await rows.count()) === 3 &&
    /81\.8% pricing\.Taxes#reducedRate/.test(await rows.first().textContent()));
  await page.screenshot({ path: screenshot });

  await command('culprit: Show the Ranking for a Failing Run');
  await until('the picker lists clusters and their runs', async () => {
    const rows = await picks.allTextContents();
    return rows.some((row) => /all of POST \/orders: assertion.*13 runs/.test(row)) && rows.some((row) => /003a-order/.test(row));
  });
  await page.keyboard.type('POST /quotes');
  await until('the picker filters', async () => {
    const rows = await picks.allTextContents();
    return rows.some((row) => /all of POST \/quotes: assertion.*2 runs/.test(row)) && !rows.some((row) => /13 runs/.test(row));
  });
  await picks.filter({ hasText: 'all of POST /quotes' }).first().click();
  await until('a cluster opens its ranking', async () => /case clc\/v1:[0-9a-f]+ against the passing runs/.test(await beside()));
  await command('culprit: Show the Ranking for a Failing Run');
  await picks.filter({ hasText: '003a-order' }).first().waitFor({ timeout: kWaitMs });
  await page.keyboard.type('003a-order');
  await until('the picker filters runs', async () => !(await picks.allTextContents()).some((row) => /all of POST \/quotes/.test(row)));
  await picks.filter({ hasText: '003a-order' }).first().click();
  await until('a run opens its ranking, in the same column', async () => /case 003a-order/.test(await beside()) &&
    (await page.locator('.editor-group-container').count()) === 2);
  await page.locator('.tab', { hasText: 'Taxes.java' }).click();

  copyFileSync(verdict, `${folder}/.culprit-verdict.json`);
  await until('what the gate confirmed is a warning', async () => (await shown('.squiggly-warning')) >= 1);
  await until('the lens says so', async () =>
    (await lenses.allTextContents()).includes('81.8% · #1 · 15/15 failing · confirmed'));
  await until('the ranking says so', async () => (await page.locator('.pane-body .monaco-list-row .codicon-warning').count()) >= 1);
  await page.screenshot({ path: screenshot.replace(/\.png$/, '-confirmed.png') });
  rmSync(`${folder}/.culprit-verdict.json`);
  await until('without the verdict nothing is confirmed', async () =>
    (await shown('.squiggly-warning')) === 0 && (await shown('.squiggly-info')) >= 2);

  await command('culprit: Toggle Marks');
  await until('the marks are gone', async () => (await shown('.squiggly-info')) === 0);
  await until('the overview ruler has none', async () => (await hottestInRuler()).length === 0);
  await command('culprit: Toggle Marks');
  await until('the marks are back', async () => (await shown('.squiggly-info')) >= 2);

  await command('culprit: Open Report');
  const report = page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  await until('the report is a page of its own', async () =>
    (await report.locator('body').textContent({ timeout: kWaitMs })).includes('reducedRate'));
} catch (error) {
  await page.screenshot({ path: screenshot });
  console.error(String(error));
  process.exitCode = 1;
} finally {
  await browser.close();
}
