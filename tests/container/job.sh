# Sourced by ./run: a whole job on a hardened container, and one that is stopped halfway.
start main "${hardened[@]}" "${open[@]}" --env TZ=Asia/Shanghai --volume main-temp:/data/temp --volume main-app:/data/app
eventually answers "$address/healthz/ready"

export_all() {
  curl -fsS "$address/api/v1/exports" -H 'Content-Type: application/json' -d "{ \"selection\": $1, \"options\": { \"checksums\": true } }" | json id
}
state_of() { curl -fsS "$address/api/v1/exports/$1" | json state; }
is_in() { [[ $(state_of "$1") == "$2" ]]; }
gets_ready() {
  eventually is_in "$1" ready && return
  curl -fsS "$address/api/v1/exports/$1"
  echo
  engine logs main 2>&1 | grep -v ' GET '
  return 1
}

same_as_the_source() {
  rm -rf "$work/unpacked" && mkdir "$work/unpacked"
  curl -fsS -o "$work/export.zip" "$address/exports/$1/download"
  LC_ALL=C.UTF-8 unzip -q "$work/export.zip" -d "$work/unpacked"
  (cd "$work/unpacked" && sha256sum --quiet -c SHA256SUMS && rm -f SHA256SUMS manifest.json)
  diff -r "$2" "$work/unpacked${3:-}"
}

small=$(export_all '{ "batches": ["batch_2"] }')
check "an export of a batch gets ready" gets_ready "$small"
check "its files are the source's, byte for byte" same_as_the_source "$small" "$work/outputs/batch_2" /batch_2

large=$(export_all '{ "all": true }')
eventually is_in "$large" building
began=$(date +%s%N)
engine stop --time 10 main >/dev/null
elapsed=$((($(date +%s%N) - began) / 1000000))
check "a stop in the middle of a job is clean" test "$(engine inspect --format '{{.State.ExitCode}}' main)" = 0
note "the stop took $elapsed ms of 10 s"
check "the job was not done yet" sh -c "! ls $(engine volume inspect --format '{{.Mountpoint}}' main-temp)/*.zip | grep -q $(printf %s "$large" | cut -c1-6)"
engine start main >/dev/null
check "after the start the job goes on and gets ready" gets_ready "$large"
check "all files are the source's, byte for byte" same_as_the_source "$large" "$work/outputs"
check "the earlier archive is still there" answers "$address/exports/$small/download"
check "nothing was written outside of the volumes" test -z "$(engine diff main | grep -vE '^[AC] /(data|tmp|run|etc|var)?(/|$)' || true)"
check "the outputs are as they were" test "$(find "$work/outputs" -newermt '2026-01-03' -type f | wc -l)" = 0
check "no partial archive is left" test -z "$(find "$(engine volume inspect --format '{{.Mountpoint}}' main-temp)" -name '*.partial')"
engine rm --force --volumes main >/dev/null
engine volume rm --force main-temp main-app >/dev/null
