// Adds up the runners' own counts: `node count-results.mjs FOLDER STATUS`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, status] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
const reasons = [];
for (const file of readdirSync(folder).filter((name) => name.endsWith(".trx"))) {
  const text = readFileSync(join(folder, file), "utf8");
  const counters = text.match(/<Counters ([^>]*)\/>/)?.[1] ?? "";
  const count = (name) => Number(counters.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0);
  passed += count("passed");
  failed += count("failed") + count("error") + count("timeout") + count("aborted");
  for (const [result] of text.matchAll(/<UnitTestResult [^>]*outcome="NotExecuted"[^>]*>[\s\S]*?<\/UnitTestResult>/g)) {
    skipped += 1;
    const name = result.match(/testName="([^"]*)"/)?.[1];
    const reason = result.match(/<Message>([\s\S]*?)<\/Message>/)?.[1];
    reasons.push(`skipped: ${name}: ${reason ?? "no reason given"}`);
  }
}

reasons.forEach((line) => console.log(line));
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || Number(status) !== 0 || passed === 0 ? 1 : 0);
