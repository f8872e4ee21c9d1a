#!/bin/sh
# Converts the letters (*.odt) of a folder with LibreOffice, and looks for their words in the PDF.
# Usage: letters.sh FOLDER
set -eu
cd "$1"
soffice --headless --convert-to pdf ./*.odt >/dev/null
for letter in ./*.odt; do
  text="${letter%.odt}.txt"
  pdftotext -layout "${letter%.odt}.pdf" "$text"
  for words in "fête de la mer" "34-2026-08-12-00003" "14 août 2026" "L. 242-4" "https://guetteur.example/acte/"; do
    sed 's/\xc2\xa0/ /g' "$text" | tr -s ' ' | grep -qF "$words" || { echo "$letter lacks « $words »"; exit 1; }
  done
  echo "$letter: $(pdfinfo "${letter%.odt}.pdf" | awk '/^Pages/ {print $2}') pages"
done
