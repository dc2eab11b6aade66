#!/bin/sh
# Installs the outside judges of PDF signatures that `npm run test:interop` asks, once, outside the project: pyHanko by
# Python's package installer, EU DSS by Maven. Whichever cannot be had here is left out, and the tests say so.
set -eu
pyhanko=0.38.0
folder=${CONGVAN_JUDGES:-${XDG_CACHE_HOME:-$HOME/.cache}/congvan/judges}
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$folder"

python="$folder/pyhanko-$pyhanko/bin/python"
if [ -f "$folder/pyhanko-$pyhanko/complete" ]; then
  echo "pyHanko: there"
elif command -v python3 >/dev/null && python3 -m venv --clear "$folder/pyhanko-$pyhanko" && "$python" -m pip install -q "pyhanko==$pyhanko"; then
  touch "$folder/pyhanko-$pyhanko/complete"
  echo "pyHanko: installed"
else
  echo "pyHanko: cannot be installed here"
fi

sources="$here/test/interop/judges/dss"
if [ -f "$folder/dss/dss-judge-1.jar" ] && [ -z "$(find "$sources" -newer "$folder/dss/dss-judge-1.jar" -type f)" ]; then
  echo "EU DSS: there"
elif command -v mvn >/dev/null && mvn -q -B -f "$sources/pom.xml" -DskipTests "-Djudge.directory=$folder/dss" package; then
  echo "EU DSS: installed"
else
  echo "EU DSS: cannot be installed here"
fi
