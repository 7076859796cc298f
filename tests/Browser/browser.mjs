// The dashboard in a real browser, as a person uses it.
//
//   node browser.mjs ADDRESS STEP...    does the steps in order; exits 1 and says why if something is not as it must be
//
// CHROMIUM names the browser; default /usr/bin/chromium. In every step no page may open a dialog, throw, or be stopped by its own policy.
import assert from 'node:assert/strict'
import { chromium } from 'playwright-core'

// A liveness limit: far beyond what a step takes.
const limit = 600_000

const steps = {
  // Starts a dataset for the first time from the overview and lands on the run's page.
  async trigger(page) {
    await page.goto('/')
    await page.getByRole('button', { name: 'Run spotify for the first time' }).click()
    await page.waitForURL(/\/runs\/\d{8}-\d{6}-\d{3}$/)
  },

  // The bar of a training stage moves on a page that nobody loads anew.
  async progress(page) {
    const bar = page.locator('span[data-stage*="/train/"] progress').first()
    await bar.waitFor()
    const start = await page.evaluate(() => performance.timeOrigin)
    const first = Number(await bar.evaluate((element) => element.value))
    await page.waitForFunction((value) => [...document.querySelectorAll('span[data-stage*="/train/"] progress')].some((element) => element.value > value), first)
    assert.equal(await page.evaluate(() => performance.timeOrigin), start, 'The page was loaded anew.')
  },

  async cancel(page) {
    await page.getByRole('button', { name: 'Cancel' }).click()
    await stateIs(page, 'cancelled')
  },

  // Goes on with the run that was cancelled: another run, on a page of its own.
  async resume(page) {
    const before = page.url()
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.waitForURL((address) => address.href !== before && /\/runs\/\d{8}-\d{6}-\d{3}$/.test(address.pathname))
  },

  async success(page) {
    await stateIs(page, 'succeeded')
    assert.match(await page.locator('[data-log]').innerText(), /spotify\//)
  },

  // A stage of a run that ended well is run again, and all after it, from the button beside it.
  async rerunFromTrain(page) {
    const before = page.url()
    await page.getByRole('button', { name: 'Rerun from spotify/train/mamba on' }).click()
    await page.waitForURL((address) => address.href !== before && /\/runs\/\d{8}-\d{6}-\d{3}$/.test(address.pathname))
    await stateIs(page, 'succeeded')
  },

  // The report of the last night, as it was written.
  async report(page) {
    await page.goto('/reports')
    await page.getByRole('link', { name: 'Report of spotify' }).first().click()
    await page.locator('svg').first().waitFor()
    assert.match(await page.title(), /spotify/i)
  },

  // A schedule is paused and goes on again.
  async pause(page) {
    await page.goto('/schedules')
    await page.getByRole('button', { name: 'Pause' }).first().click()
    await page.locator('.state.paused').first().waitFor()
    await page.getByRole('button', { name: 'Resume' }).first().click()
    await page.locator('.state.scheduled').first().waitFor()
  },

  // The example on the page of users leads to a list.
  async lookUp(page) {
    await page.goto('/users?dataset=spotify')
    await page.locator('p.lead a').first().click()
    await page.locator('.lists table tbody tr').first().waitFor()
  },

  // Every entry of the navigation, in both colour schemes and on a telephone: nothing is wider than the window.
  async everyPage(page) {
    await page.goto('/')
    const addresses = await page.locator('header nav a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
    assert.ok(addresses.length >= 10)
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme })
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 })
        for (const address of addresses) {
          await page.goto(address)
          assert.equal(await page.locator('h1').count(), 1, address)
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${address} is wider than ${width} pixels.`)
          if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${address.replaceAll('/', '_')}-${colorScheme}-${width}.png`, fullPage: true })
        }
      }
    }
  },

  // The list of runs, and each run's page, whatever the names and messages in them say.
  async everyRun(page) {
    await page.goto('/')
    await page.goto('/runs')
    const addresses = await page.locator('tbody th a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
    assert.ok(addresses.length > 0)
    for (const address of addresses) {
      await page.goto(address)
      assert.equal(await page.locator('h1').count(), 1)
    }
  },
}

// The run's own state, not a stage's; it changes without a reload, or with the one that a click brings.
async function stateIs(page, word) {
  await page.locator(`[data-live="facts"] .state.${word}`).waitFor()
}

const [address, ...names] = process.argv.slice(2)
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] })
const faults = []
const page = await browser.newPage({ baseURL: address })
try {
  page.setDefaultTimeout(limit)
  page.on('dialog', (dialog) => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss() })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('console', (message) => { if (/Content Security Policy|Refused to/.test(message.text())) faults.push(`policy: ${message.text()}`) })
  for (const name of names) {
    console.log(name)
    await steps[name](page)
    assert.deepEqual(faults, [], `in ${name}`)
  }
} catch (error) {
  console.log(page.url(), await page.locator('main').innerText())
  throw error
} finally {
  await browser.close()
}
