// Tells in a line each what `az deployment group what-if --no-pretty-print` answered. With --deletions: only the resources that would go.
// Names and paths only: values may be confidential.
import { readFileSync } from 'node:fs';

const [file, mode] = process.argv.slice(2);
const { changes = [] } = JSON.parse(readFileSync(file, 'utf8'));
const nameOf = (change) => change.resourceId.replace(/^.*?\/providers\//, '');

const pathsOf = (delta, before = '') => (delta ?? []).flatMap((property) => {
  const path = before ? `${before}.${property.path}` : property.path;
  return property.children?.length
    ? pathsOf(property.children, path)
    : property.propertyChangeType === 'NoEffect' ? [] : [`${property.propertyChangeType.toLowerCase()} ${path}`];
});

for (const change of changes) {
  if (mode === '--deletions') {
    if (change.changeType === 'Delete') {
      console.log(nameOf(change));
    }
  } else if (!['NoChange', 'Ignore'].includes(change.changeType)) {
    console.log([`${change.changeType.toLowerCase()} ${nameOf(change)}`, ...pathsOf(change.delta).map((path) => `    ${path}`)].join('\n'));
  }
}
