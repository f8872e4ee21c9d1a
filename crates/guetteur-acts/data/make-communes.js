// Writes communes.csv from the npm package @etalab/decoupage-administratif. See README.md.
const fs = require('node:fs')
const path = require('node:path')

const [packageDir] = process.argv.slice(2)
const communes = JSON.parse(fs.readFileSync(path.join(packageDir, 'data/communes.json'), 'utf8'))

// Overseas collectivities that publish prefectoral acts and that the package leaves out.
const overseas = [
  ['97501', 'Miquelon-Langlade'],
  ['97502', 'Saint-Pierre'],
  ['97701', 'Saint-Barthélemy'],
  ['97801', 'Saint-Martin'],
]
const rows = overseas.map(([insee, name]) => [insee, name, ''])
const known = new Set(communes.filter(c => c.type === 'commune-actuelle').map(c => c.code + c.nom))
for (const c of communes) {
  if (c.type === 'commune-actuelle' || c.type === 'arrondissement-municipal') {
    rows.push([c.code, c.nom, ''])
  } else if (!known.has(c.chefLieu + c.nom)) {
    rows.push([c.chefLieu, c.nom, 'former'])
  }
}
const key = row => row[0] + (row[2] ? '1' : '0') + row[1]
rows.sort((a, b) => (key(a) < key(b) ? -1 : 1))
const lines = rows.map(row => row.join(',').replace(/,$/, ''))
fs.writeFileSync(path.join(__dirname, 'communes.csv'), lines.join('\n') + '\n')
