#!/bin/sh
# Scores the shipped policy on the laboratory's truth and writes the table into the top README, between its markers.
# MULLIGAN names another program than build/release/mulligan. Nothing is left behind.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
program=${MULLIGAN:-"$root/build/release/mulligan"}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
"$program" init "$work/lab.mulligan" --quiet > /dev/null
"$program" import "$work/lab.mulligan" "$here" --quiet > /dev/null
"$program" classify "$work/lab.mulligan" --quiet > /dev/null
"$program" evaluate "$work/lab.mulligan" --truth "$here/truth.jsonl.zst" --space "$here/space.yaml" \
    --folds 100 --out "$work/results.md" --quiet > /dev/null
# The first sentence and what is said of memory failures; the whole of it is what the command prints.
awk '/^\*\*/ { section = $0 }
    section == "**All failures**" { next }
    section ~ /^\*\*Predicted/ { if (!/^\| all:/) print; next }
    section ~ /workflow left out\*\*$/ { exit }
    { print }' "$work/results.md" > "$work/table.md"
awk -v table="$work/table.md" '
    /^<!-- laboratory -->$/ { print; print ""; while ((getline line < table) > 0) print line; inside = 1 }
    /^<!-- \/laboratory -->$/ { inside = 0 }
    !inside && !/^<!-- laboratory -->$/ { print }' "$root/README.md" > "$work/README.md"
cat "$work/README.md" > "$root/README.md"
