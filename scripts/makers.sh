#!/bin/sh
# Installs the other software that makes signed files for test/interop/others.ts, once, outside the project: iText 5, 7, 8
# and 9, PDFBox 2 and 3, OpenPDF and EU DSS by Maven; pyHanko, endesive and the programs that make unsigned files by
# Python's package installer; @signpdf's helper for pdf-lib by npm. Test tools only, never part of the product (iText is
# AGPL). Whatever cannot be had here is left out.
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

node="$folder/makers-node"
if [ -f "$node/complete" ]; then
  echo "makers from npm: there"
elif command -v npm >/dev/null && npm install --silent --no-save --prefix "$node" @signpdf/placeholder-pdf-lib@3.3.0 pdf-lib@1.17.1; then
  touch "$node/complete"
  echo "makers from npm: installed"
else
  echo "makers from npm: cannot be installed here"
fi

# What cannot be on one class path with the others has a project of its own: name, project, artifact, profile.
java() {
  jar="$folder/$1/$3-1.jar"
  if [ -f "$jar" ] && [ -z "$(find "$here/java" -newer "$jar" -type f)" ]; then
    echo "$1 in Java: there"
  elif command -v mvn >/dev/null && mvn -q -B ${4:+"-P$4"} -f "$here/java/$2" -DskipTests "-Dmakers.directory=$folder/$1" package; then
    # Maven keeps a jar whose classes are as they were.
    touch "$jar"
    echo "$1 in Java: installed"
  else
    echo "$1 in Java: cannot be installed here"
  fi
}
java makers pom.xml makers
java makers-itext7 pom-itext.xml makers-itext
java makers-itext8 pom-itext.xml makers-itext itext8
java makers-pdfbox2 pom-pdfbox2.xml makers-pdfbox2
