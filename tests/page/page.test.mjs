// The pages as people use them: in Chromium, from disk, without a network.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { kHostile } from './hostile.mjs';

const kPages = process.env.CULPRIT_PAGES;
const kViews = ['code', 'request', 'runs', 'services', 'map', 'formulas'];
const axe = readFileSync(fileURLToPath(new URL('node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8');

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
});
after(() => browser.close());

/** Opens the page, calls `use(page)`, and wants no error and no request but for the file. */
async function opened(name, use, { scheme = 'light', width = 1440, height = 900 } = {}) {
  const context = await browser.newContext({
    offline: true, colorScheme: scheme, reducedMotion: 'reduce', viewport: { width, height },
  });
  const page = await context.newPage();
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) wrong.push(`console: ${message.text()}`); });
  page.on('request', (request) => { if (!request.url().startsWith('file:')) wrong.push(`request: ${request.url()}`); });
  await page.goto(`file://${kPages}/${name}.html`);
  await page.waitForSelector('html[data-ready]', { timeout: 20000 });
  try {
    await use(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(wrong, []);
}

const text = (page, selector) => page.locator(selector).first().innerText();

async function violations(page, rules) {
  await page.evaluate(axe);
  const result = await page.evaluate((runOnly) => window.axe.run(document, { resultTypes: ['violations'], ...(runOnly ? { runOnly } : {}) }), rules);
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`);
}

/** How many colours a screenshot has, and its mean brightness in [0, 1]. */
async function looks(page) {
  const shot = (await page.screenshot()).toString('base64');
  const blank = await page.context().newPage();
  const figures = await blank.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const pixels = pen.getImageData(0, 0, image.width, image.height).data;
    const colours = new Set();
    let sum = 0;
    for (let i = 0; i < pixels.length; i += 4 * 7) {
      colours.add((pixels[i] >> 4) * 256 + (pixels[i + 1] >> 4) * 16 + (pixels[i + 2] >> 4));
      sum += (pixels[i] + pixels[i + 1] + pixels[i + 2]) / 765;
    }
    return { colours: colours.size, brightness: sum / (pixels.length / 28), width: image.width };
  }, shot);
  await blank.close();
  return figures;
}

describe('opened from disk', () => {
  test('shows the ranking, its summary and the faulty line on the first screen', () => opened('shop', async (page) => {
    assert.match(await text(page, '#summary'), /21 failed\s+379 passed/);
    assert.match(await text(page, '#row-0'), /1\s+100%\s+shop::orders::\s*cancellation_fee/);
    assert.match(await text(page, '#row-0'), /14\/21 fail · 0\/379 pass/);
    const line = page.locator('tr.at');
    assert.match(await line.innerText(), /^74\s+100\s+14\s+0\s+.*FAULT least-fee/);
    const box = await line.boundingBox();
    assert.ok(box.y > 0 && box.y + box.height < 900, 'on the first screen');
  }));

  test('is small', () => {
    assert.ok(statSync(`${kPages}/shop.html`).size < 400000);
  });

  for (const name of ['case', 'files', 'undecided']) {
    test(`shows every view of ${name}`, () => opened(name, async (page) => {
      for (const view of kViews) {
        await page.click(`#tab-${view}`);
        assert.ok((await text(page, '#panel')).length > 20, view);
        assert.equal((await page.locator('#panel').getByText(/^(null|undefined|NaN)$/).count()), 0, view);
      }
    }));
  }

  test('says why nothing is ranked', () => opened('undecided', async (page) => {
    assert.match(await text(page, '#list'), /no run failed/);
    assert.match(await text(page, '#panel'), /5 services/);
  }));
});

describe('what an input names', () => {
  test('stays text wherever it is shown', () => opened('hostile', async (page) => {
    assert.ok((await text(page, '#row-0')).includes('img src=x'), 'the name is there, as text');
    for (const view of kViews) {
      await page.click(`#tab-${view}`);
      assert.equal(await page.locator('img').count(), 0, view);
    }
    await page.click('#tab-request');
    assert.ok((await text(page, '#panel')).includes(kHostile));
    await page.click('#tab-code');
    assert.ok((await text(page, '.lines')).includes(kHostile));
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.ok(!(await page.locator('#ranking .more').isVisible()), 'there is nothing more to show');
  }));
});

describe('from a failing request', () => {
  test('leads to the faulty line', () => opened('shop', async (page) => {
    await page.click('#tab-request');
    await page.selectOption('#request', { index: 0 });
    assert.match(await text(page, '.asked'), /POST \/orders\/.*\/cancel/);
    const span = page.locator('.waterfall tr', { hasText: 'orders POST' }).first();
    await span.locator('button.link').click();
    assert.equal(await page.getAttribute('#tab-code', 'aria-selected'), 'true');
    assert.match(await text(page, 'h2'), /cancellation_fee/);
    assert.match(await page.locator('tr.at').innerText(), /FAULT least-fee/);
  }));

  test('shows against the nearest passing run what it alone executed', () => opened('case', async (page) => {
    await page.click('#tab-request');
    assert.equal(await page.locator('#request').evaluate((choice) => choice.selectedOptions[0].text.split(':')[0]), '151a-order');
    assert.match(await text(page, '.difference'), /Executed only by 151a-order, which failed/);
  }));
});

describe('failure clusters', () => {
  test('have rankings, requests and runs of their own', () => opened('shop', async (page) => {
    await page.click('.cluster[data-cluster="2"]');
    assert.match(await text(page, '#row-0 .counts'), /^3\/3 fail/);
    await page.click('#tab-request');
    assert.equal(await page.locator('#request option').count(), 3);
    assert.equal(await page.getByText(/failing runs? more/).count(), 0, 'all three are there');
    await page.click('#tab-runs');
    assert.match(await text(page, '.matrix-head'), /3 failing/);
  }));
});

// C1 is least-fee in orders, C3 is met by three requests for quotes, which never come to orders.
describe('the chosen kind of failure', () => {
  const heatOf = (page, number) => page.locator(`#line-${number} .digits`).innerText();

  test('has its own heat and counts in the source', () => opened('shop', async (page) => {
    assert.equal(await heatOf(page, 74), '100');
    await page.click('.cluster[data-cluster="2"]');
    assert.match(await text(page, '.source-head'), /heat for C3/);
    assert.match(await text(page, 'h3'), /gateway\/order_request\.cpp/);
    // Executed by all three, and by more of all failing runs.
    assert.equal(await page.locator('#line-163 .runs').first().innerText(), '3');
    assert.ok(Number(await heatOf(page, 163)) > 50);
    // The other fault's function is none of its suspects.
    await page.fill('#filter', 'cancellation_fee');
    assert.equal(await page.locator('.row').count(), 0);
    await page.click('.cluster[data-cluster="0"]');
    assert.equal(await heatOf(page, 74), '100');
    assert.equal(await page.locator('#line-74 .runs').first().innerText(), '14');
  }));

  test('has its own rows in the matrix', () => opened('shop', async (page) => {
    await page.keyboard.press('3');
    assert.match(await text(page, '.matrix-labels li'), /cancellation_fee/);
    await page.click('.cluster[data-cluster="2"]');
    assert.match(await text(page, '.matrix-labels li'), /quote_from/);
    assert.match(await text(page, '#panel p:not([hidden])'), /functions of C3 against 382 runs/);
    await page.focus('canvas');
    await page.keyboard.press('ArrowRight');
    assert.match(await text(page, '.readout'), /quote_from.* in run .* \(failed, cluster C3\): executed its most suspicious line/);
  }));

  test('has its own part of the map', () => opened('shop', async (page) => {
    await page.keyboard.press('5');
    const biggest = () => page.locator('.part title').first().textContent();
    assert.match(await biggest(), /service orders/);
    await page.click('.cluster[data-cluster="2"]');
    assert.match(await biggest(), /service gateway/);
  }));

  test('leads from its requests to its own suspects', () => opened('shop', async (page) => {
    await page.click('.cluster[data-cluster="2"]');
    await page.click('#tab-request');
    const span = page.locator('.waterfall tr', { hasText: 'gateway' }).first();
    assert.match(await span.locator('button.link').innerText(), /#1/);
    await span.locator('button.link').click();
    assert.match(await text(page, 'h2'), /quote_from/);
    assert.equal(await page.locator('tr.at td.number').innerText(), '163');
  }));

  test('is told apart from views of all failing runs', () => opened('shop', async (page) => {
    await page.click('.cluster[data-cluster="1"]');
    for (const view of kViews) {
      await page.click(`#tab-${view}`);
      const of_all = page.getByText('This view is of all failing runs, not of C2 alone.');
      assert.equal(await of_all.isVisible(), ['services', 'formulas'].includes(view), view);
    }
  }));
});

describe('a change', () => {
  test('is told beside what it touches, with the commit that changed the line last', () => opened('changed', async (page) => {
    assert.match(await text(page, '#row-0'), /cancellation_fee[^]*changed/);
    assert.match(await text(page, '.evidence'), /The change under test touches it\.[^]*Line 74 is as it is since 2026-11-02, [0-9a-f]{12}: Take the least fee\./);
    await page.click('.cluster[data-cluster="0"]');
    assert.match(await text(page, '.evidence'), /The change under test touches it\.[^]*Line 74 is as it is since 2026-11-02/);
    await page.click('.cluster[data-cluster="2"]');
    assert.doesNotMatch(await text(page, '.evidence'), /change under test/);
  }));
});

describe('the verdict of the gate', () => {
  test('is the first thing to read, with the failure that is red', () => opened('gate', async (page) => {
    assert.match(await text(page, '#gate .answer'), /^gate: RED, 1 new fault/);
    assert.match(await text(page, '#gate .reason'), /^new fault C1 +POST \/orders\/\{\}\/cancel +assertion: new and confirmed: 14 of 25 runs, baseline 0 of 25 runs/);
    assert.equal(await page.getAttribute('.cluster[data-cluster="0"]', 'aria-pressed'), 'true');
    assert.match(await text(page, '.cluster[data-cluster="1"]'), /candidate/);
    assert.match(await text(page, '#row-0'), /cancellation_fee[^]*changed/);
    assert.match(await text(page, '.evidence'), /The change under test touches it/);
    const line = page.locator('tr.at');
    assert.match(await line.innerText(), /FAULT least-fee/);
    const box = await line.boundingBox();
    assert.ok(box.y + box.height < 900, 'the line is on the first screen');
  }));

  test('tells why the others are not', () => opened('gate', async (page) => {
    await page.click('#gate summary');
    assert.equal(await page.locator('.verdicts li').count(), 3);
    await page.locator('.verdicts button').nth(2).click();
    assert.equal(await page.getAttribute('.cluster[data-cluster="2"]', 'aria-pressed'), 'true');
    assert.match(await text(page, '#gate .reason'), /^candidate C3 +POST \/quotes +assertion: new, not confirmed/);
  }));

  test('is green where nothing fails', () => opened('green', async (page) => {
    assert.match(await text(page, '#gate .answer'), /^gate: green, no new confirmed fault/);
    assert.equal(await page.locator('#gate.red').count(), 0);
  }));

  for (const scheme of ['light', 'dark']) {
    test(`breaks no rule of axe in ${scheme}`, () => opened('gate', async (page) => {
      await page.click('#gate summary');
      assert.deepEqual(await violations(page), []);
    }, { scheme }));
  }
});

describe('with keys alone', () => {
  test('the ranking is walked, filtered and opened', () => opened('shop', async (page) => {
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    assert.equal(await page.getAttribute('#row-2', 'aria-selected'), 'true');
    await page.keyboard.press('k');
    assert.equal(await page.getAttribute('#list', 'aria-activedescendant'), 'row-1');
    await page.keyboard.press('/');
    await page.keyboard.type('promos refused');
    assert.match(await text(page, '#count'), /^\d+ of 342/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    assert.match(await text(page, 'h2'), /Promos#refused/);
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    assert.match(await text(page, '#count'), /^342 ranked/);
  }));

  test('views, clusters and lines are reached', () => opened('shop', async (page) => {
    const at = () => page.locator('tr.at td.number').innerText().then(Number);
    assert.equal(await at(), 74);
    await page.keyboard.press('p');
    assert.equal(await at(), 73);
    await page.keyboard.press('n');
    assert.equal(await at(), 74);
    for (const [i, view] of kViews.entries()) {
      await page.keyboard.press(String(i + 1));
      assert.equal(await page.getAttribute(`#tab-${view}`, 'aria-selected'), 'true');
    }
    await page.focus('#tab-formulas');
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.getAttribute('#tab-code', 'aria-selected'), 'true');
    await page.keyboard.press(']');
    assert.equal(await page.getAttribute('.cluster[data-cluster="0"]', 'aria-pressed'), 'true');
    await page.keyboard.press('[');
    assert.equal(await page.getAttribute('.cluster[data-cluster="-1"]', 'aria-pressed'), 'true');
    await page.keyboard.press('?');
    assert.ok(await page.locator('#keys').isVisible());
    await page.keyboard.press('Escape');
    assert.ok(!(await page.locator('#keys').isVisible()));
  }));

  test('the runs and the map are read', () => opened('shop', async (page) => {
    await page.keyboard.press('3');
    await page.focus('canvas');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    assert.match(await text(page, '.readout'), /percent_of.* in run .* \(failed, cluster C1\): executed its most suspicious line/);
    await page.keyboard.press('5');
    await page.focus('.part');
    await page.keyboard.press('Enter');
    assert.match(await text(page, '.crumbs'), /all code › orders/);
    await page.keyboard.press('Escape');
    assert.match(await text(page, '.crumbs'), /^all code/);
  }));

  test('a service leads to its code', () => opened('shop', async (page) => {
    await page.keyboard.press('4');
    await page.getByRole('button', { name: /^pricing S/ }).focus();
    await page.keyboard.press('Enter');
    assert.match(await text(page, '.path'), /^pricing/);
  }));
});

for (const scheme of ['light', 'dark']) {
  describe(`in ${scheme}`, () => {
    test('no view breaks a rule of axe', () => opened('shop', async (page) => {
      for (const view of kViews) {
        await page.click(`#tab-${view}`);
        // Between the two only colours differ.
        assert.deepEqual(await violations(page, scheme === 'dark' ? ['color-contrast'] : undefined), [], view);
      }
    }, { scheme }));

    test('every view is drawn', () => opened('shop', async (page) => {
      for (const view of kViews) {
        await page.click(`#tab-${view}`);
        await page.waitForTimeout(100);
        const { colours, brightness, width } = await looks(page);
        assert.equal(width, 1440);
        assert.ok(colours > 40, `${view} has ${colours} colours`);
        assert.ok(scheme === 'light' ? brightness > 0.8 : brightness < 0.3, `${view}: brightness ${brightness}`);
      }
    }, { scheme }));

    // Seen without any colour the steps still differ, and in one direction.
    test('heat goes one way in brightness', () => opened('shop', async (page) => {
      const brightness = await page.evaluate(() => {
        const style = getComputedStyle(document.documentElement);
        const linear = (c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return [1, 2, 3, 4, 5, 6, 7, 8, 9].map((step) => {
          const hex = style.getPropertyValue(`--h${step}`).trim().slice(1);
          const [r, g, b] = [0, 2, 4].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        });
      });
      for (let i = 1; i < brightness.length; ++i) {
        assert.ok(scheme === 'light' ? brightness[i] < brightness[i - 1] : brightness[i] > brightness[i - 1], `step ${i + 1}: ${brightness}`);
      }
    }, { scheme }));
  });
}

describe('the layout', () => {
  for (const width of [1920, 1440, 1024, 760]) {
    for (const name of ['shop', 'gate']) test(`of ${name} has nothing beside or over another at ${width}`, () => opened(name, async (page) => {
      for (const view of kViews) {
        await page.click(`#tab-${view}`);
        const faults = await page.evaluate(() => {
          const found = [];
          if (document.documentElement.scrollWidth > innerWidth) found.push(`as wide as ${document.documentElement.scrollWidth}`);
          const box = (selector) => document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
          const parts = ['.top', '#gate', '#clusters', '#ranking', '#detail'].map((selector) => [selector, box(selector)]);
          for (const [a, x] of parts) for (const [b, y] of parts) {
            const over = Math.min(x.right, y.right) - Math.max(x.left, y.left) > 1 && Math.min(x.bottom, y.bottom) - Math.max(x.top, y.top) > 1;
            if (a < b && over) found.push(`${a} over ${b}`);
          }
          return found;
        });
        assert.deepEqual(faults, [], view);
      }
    }, { width }));
  }

  test('changes colours by its button and remembers nothing that breaks it', () => opened('shop', async (page) => {
    await page.click('#theme');
    assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
    await page.keyboard.press('t');
    assert.equal(await page.getAttribute('html', 'data-theme'), 'light');
  }));
});
