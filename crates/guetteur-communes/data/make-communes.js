// Writes communes.csv, departements.csv, regions.csv and epci.csv from the npm package @etalab/decoupage-administratif.
// See README.md.
const fs = require('node:fs')
const path = require('node:path')

const [packageDir] = process.argv.slice(2)
const read = name => JSON.parse(fs.readFileSync(path.join(packageDir, 'data', name), 'utf8'))
const write = (name, lines) => fs.writeFileSync(path.join(__dirname, name), lines.join('\n') + '\n')

const communes = read('communes.json')
const rows = []
const today = new Map()
for (const c of communes) {
  if (c.type === 'commune-actuelle' || c.type === 'arrondissement-municipal') {
    const postcodes = (c.codesPostaux || []).join(' ')
    const liaison = c.typeLiaison ?? (/^[AEIOUYÉÈÎ]/.test(c.nom) ? 1 : 0)
    rows.push([c.code, c.nom, liaison, c.population || 0, postcodes, c.commune || ''])
    today.set(c.code, c.nom)
  }
}
for (const c of communes) {
  if (!c.chefLieu || c.type === 'commune-actuelle') continue
  // What has both the code and the name of the commune of today tells nothing new.
  const code = c.code === c.chefLieu || today.has(c.code) ? '' : c.code
  if (code || today.get(c.chefLieu) !== c.nom) {
    rows.push([c.chefLieu, c.nom, 'former', code])
  }
}
const key = row => row[0] + (row[2] === 'former' ? '1' : '0') + row[1]
rows.sort((a, b) => (key(a) < key(b) ? -1 : 1))
write('communes.csv', rows.map(row => row.join(',').replace(/,+$/, '')))
write('departements.csv', read('departements.json').map(d => `${d.code},${d.nom}`))
write('regions.csv', read('regions.json').map(r => `${r.code},${r.nom}`))
// Names have commas and quotation marks, never a semicolon.
const groups = [...read('epci.json'), ...read('ept.json')].sort((a, b) => (a.code < b.code ? -1 : 1))
const members = group => group.membres.map(member => member.code).sort().join(' ')
write('epci.csv', groups.map(group => `${group.code};${group.nom};${members(group)}`))
