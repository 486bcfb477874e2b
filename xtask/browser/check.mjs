// Opens a report in Chromium as its reader would: no requests, axe-clean in light and dark,
// the path of a finding by keyboard alone, and print.
// usage: node check.mjs CHROMIUM REPORT.html FOLDER-FOR-SCREENSHOTS
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, report, folder] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wrong = [];
const expect = (holds, what) => { if (!holds) wrong.push(what); };

expect(statSync(report).size < 500_000, `the page has ${statSync(report).size} bytes`);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
for (const colorScheme of ["light", "dark"]) {
  const context = await browser.newContext({ colorScheme, bypassCSP: true, viewport: { width: 1300, height: 1000 } });
  const page = await context.newPage();
  page.on("request", (request) =>
    expect(request.url().startsWith("file:"), `a request to ${request.url()}`));
  page.on("pageerror", (error) => wrong.push(`a script error: ${error.message}`));
  await page.goto(pathToFileURL(report).href);
  await page.evaluate(() => document.querySelectorAll("details").forEach((block) => (block.open = true)));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  for (const violation of violations)
    wrong.push(`${colorScheme}: axe ${violation.id}: ${violation.nodes[0].target} (${violation.nodes.length})`);
  await page.evaluate(() => document.querySelectorAll("details").forEach((block) => (block.open = false)));

  // By keyboard alone: to the first finding, open it, to its button, choose it.
  const focus = async (selector) => {
    for (let presses = 0; presses < 400; presses++) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return true;
      await page.keyboard.press("Tab");
    }
    return false;
  };
  expect(await focus("summary"), "no finding can be reached by keyboard");
  await page.keyboard.press("Enter");
  expect(await focus("button.choose"), "`Show in the graph` cannot be reached by keyboard");
  await page.keyboard.press("Enter");
  const chosen = await page.evaluate(() => ({
    lit: document.querySelectorAll("svg.chosen .node.lit").length,
    nodes: document.querySelectorAll("svg.chosen .node").length,
    edges: document.querySelectorAll("svg.chosen .edge.lit").length,
  }));
  expect(chosen.lit >= 3 && chosen.lit < chosen.nodes && chosen.edges >= 2,
    `a chosen finding lights ${chosen.lit} of ${chosen.nodes} nodes and ${chosen.edges} edges`);
  await page.screenshot({ path: `${folder}/report-${colorScheme}.png`, fullPage: true });
  await page.emulateMedia({ media: "print" });
  const pdf = await page.pdf({ path: `${folder}/report-${colorScheme}.pdf` });
  expect(pdf.length > 10_000, "the printed report is empty");
  await context.close();
}
await browser.close();
wrong.forEach((line) => console.error(line));
console.log(`${wrong.length === 0 ? 1 : 0} passed, ${wrong.length} failed`);
process.exit(wrong.length === 0 ? 0 : 1);
