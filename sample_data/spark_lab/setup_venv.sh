#!/bin/sh
# Makes the laboratory's virtual environment (Python 3.11 or later) and prints its python's path.
# MULLIGAN_LAB_VENV names another folder than build/spark_lab/venv of the checkout.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=${MULLIGAN_LAB_VENV:-"$here/../../build/spark_lab/venv"}
command -v java > /dev/null || { echo "setup_venv.sh: java is not installed; Spark needs Java 17 or later" >&2; exit 1; }
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
    cp "$here/requirements.txt" "$venv/requirements.txt"
fi
echo "$(cd "$venv" && pwd)/bin/python"
