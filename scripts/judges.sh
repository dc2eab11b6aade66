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

# The signed files that pyHanko's own tests judge, out of its source package.
samples="$folder/pyhanko-$pyhanko/samples"
if [ -f "$samples/complete" ]; then
  echo "pyHanko's samples: there"
elif [ -x "$python" ] && mkdir -p "$samples" &&
  "$python" -m pip download -q --no-deps --no-binary :all: -d "$samples" "pyhanko==$pyhanko" &&
  tar -xzf "$samples/pyhanko-$pyhanko.tar.gz" -C "$samples" --strip-components=4 "pyhanko-$pyhanko/pyhanko_testing_commons/test_data/data/pdf"; then
  rm "$samples/pyhanko-$pyhanko.tar.gz"
  touch "$samples/complete"
  echo "pyHanko's samples: fetched"
else
  echo "pyHanko's samples: cannot be had here"
fi

sources="$here/test/interop/judges/dss"
if [ -f "$folder/dss/dss-judge-1.jar" ] && [ -z "$(find "$sources" -newer "$folder/dss/dss-judge-1.jar" -type f)" ]; then
  echo "EU DSS: there"
elif command -v mvn >/dev/null && mvn -q -B -f "$sources/pom.xml" -DskipTests "-Djudge.directory=$folder/dss" package; then
  echo "EU DSS: installed"
else
  echo "EU DSS: cannot be installed here"
fi
