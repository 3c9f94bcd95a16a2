// Drives VS Code (code-server) in headless Chromium on a recording of the shop, with the extension.
// usage: prove.mjs URL FOLDER SCREENSHOT
import { createRequire } from 'node:module';

const { chromium } = createRequire(process.cwd() + '/')('playwright-core');
const [url, folder, screenshot] = process.argv.slice(2);
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

try {
  await page.goto(`${url}/?folder=${folder}`);
  await page.locator('.monaco-workbench').waitFor({ timeout: kWaitMs });
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget .quick-input-box input').waitFor();
  await page.keyboard.type('Taxes.java');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Taxes.java' }).first().waitFor({ timeout: kWaitMs });
  await page.keyboard.press('Enter');

  await until('both suspicious lines are marked, for information', async () => (await shown('.squiggly-info')) >= 2);
  const lenses = page.locator('.codelens-decoration a');
  await until('lenses tell the scores', async () =>
    (await lenses.allTextContents()).includes('81.1% · #1 · 15/15 failing'));
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
  await until('the status bar counts', async () =>
    /culprit: 3 suspicious/.test(await page.locator('.statusbar').textContent()));

  await lenses.filter({ hasText: '81.1%' }).click();
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
    /81\.1% pricing\.Taxes#reducedRate/.test(await rows.first().textContent()));
  await page.screenshot({ path: screenshot });

  await command('culprit: Toggle Marks');
  await until('the marks are gone', async () => (await shown('.squiggly-info')) === 0);
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
