# Sourced by ./run: counts what holds and what does not.
passed=0
failed=0

check() {
  local name=$1
  shift
  if "$@" >"$work/check.log" 2>&1; then
    passed=$((passed + 1))
    echo "ok    $name"
  else
    failed=$((failed + 1))
    echo "FAIL  $name"
    tail -n 15 "$work/check.log" | sed 's/^/      /'
  fi
}

note() { echo "      $*"; }

finish() {
  echo "$passed passed, $failed failed"
  ((failed == 0))
}

# Waits until a command succeeds, at most 60 seconds.
eventually() {
  local deadline=$((SECONDS + 60))
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

answers() { curl -fsS -o /dev/null "$1"; }

contains() { grep -qF -- "$2" <<<"$1"; }

json() { python3 -c 'import json, sys; value = json.load(sys.stdin)
for key in sys.argv[1].split("."): value = value[int(key)] if key.isdigit() else value[key]
print(value)' "$1"; }
