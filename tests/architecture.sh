#!/usr/bin/env bash
# Includes point one way (docs/design.md, "Layers"): fails on each line that breaks the table.
set -u
root=$1
bad=0
deny() { # folder, pattern of includes that may not stand there, reason
  local hits
  hits=$(grep -rnE "^ *#include *[<\"]($2)" "$root/src/$1" --include='*.h' --include='*.cpp')
  if [ -n "$hits" ]; then
    echo "$3:"
    echo "$hits"
    bad=1
  fi
}
torch='torch/|ATen/|c10/'
qt='Q[A-Z]|qcustomplot'
sql='SQLiteCpp/|sqlite3\.h'
deny core "$torch|$qt|$sql|engine/|storage/|training/|cli/|ui/" "core includes only std and JSON"
deny engine "$qt|$sql|storage/|training/|cli/|ui/" "engine includes only core and torch"
deny engine/face "$torch" "the engine's face is torch-free"
deny engine/data "$torch" "the data readers are torch-free"
deny storage "$torch|$qt|engine/|training/|cli/|ui/" "storage includes only core and SQLite"
deny training "$torch|$qt|$sql|cli/|ui/" "training joins the engine's face and storage"
deny cli "$torch|$qt|$sql|ui/" "cli holds no Qt, torch or SQL"
deny ui "$torch|$sql|cli/" "ui holds no torch or SQL"
for outside in training cli ui; do
  deny $outside 'engine/[^f]' "only the engine's face leaves the engine"
done
exit $bad
