#!/bin/sh
# Installs the other software that makes signed files for test/interop/others.ts, once, outside the project: iText 5 and
# 9, PDFBox, OpenPDF and EU DSS by Maven; pyHanko, endesive and the programs that make unsigned files by Python's package
# installer. Test tools only, never part of the product (iText is AGPL). Whatever cannot be had here is left out.
set -eu
folder=${CONGVAN_JUDGES:-${XDG_CACHE_HOME:-$HOME/.cache}/congvan/judges}
here=$(cd "$(dirname "$0")/.." && pwd)/test/interop/makers
mkdir -p "$folder"

python="$folder/makers-python"
if [ -f "$python/complete" ] && [ -z "$(find "$here/python/requirements.txt" -newer "$python/complete")" ]; then
  echo "makers in Python: there"
elif command -v python3 >/dev/null && python3 -m venv --clear "$python" && "$python/bin/python" -m pip install -q -r "$here/python/requirements.txt"; then
  touch "$python/complete"
  echo "makers in Python: installed"
else
  echo "makers in Python: cannot be installed here"
fi

jar="$folder/makers/makers-1.jar"
if [ -f "$jar" ] && [ -z "$(find "$here/java" -newer "$jar" -type f)" ]; then
  echo "makers in Java: there"
elif command -v mvn >/dev/null && mvn -q -B -f "$here/java/pom.xml" -DskipTests "-Dmakers.directory=$folder/makers" package; then
  echo "makers in Java: installed"
else
  echo "makers in Java: cannot be installed here"
fi
